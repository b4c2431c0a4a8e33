"""passerelle through ctypes, with nothing but the header: the functions' types are read from it.

Usage: client.py LIBRARY HEADER FOLDER
"""

import ctypes
import json
import re
import sys
from ctypes import POINTER, byref, c_char_p, c_float, c_int, c_int32, c_size_t, c_uint8, c_uint16
from ctypes import c_uint32, c_uint64, c_void_p

TYPES = {
    "int32_t": c_int32,
    "uint8_t": c_uint8,
    "uint16_t": c_uint16,
    "uint32_t": c_uint32,
    "uint64_t": c_uint64,
    "size_t": c_size_t,
    "float": c_float,
    "passerelle_handle": c_uint64,
    "passerelle_status": c_int,
}


def ctype(written):
    """The ctypes type of a parameter or a result as the header writes it."""
    plain = re.sub(r"\bconst\b", " ", written).strip()
    stars = plain.count("*")
    name = plain.replace("*", " ").split()[0]
    if name == "char":
        return [None, c_void_p, POINTER(c_void_p)][stars]
    if stars == 0:
        return TYPES.get(name, c_void_p)
    return POINTER(TYPES[name]) if name in TYPES else c_void_p


def load(library, header):
    """The library, with its functions declared, and the header's constants."""
    with open(header, encoding="utf-8") as file:
        code = re.sub(r"//[^\n]*", "", file.read())
    constants = {name: int(value) for name, value in re.findall(r"(PASSERELLE_\w+) = (\d+)", code)}
    constants |= {n: int(v) for n, v in re.findall(r"#define (PASSERELLE_\w+) (\d+)", code)}
    loaded = ctypes.CDLL(library)
    prototypes = re.findall(r"^([\w ]+?[ *]+)(passerelle_\w+)\(([^)]*)\);", code, re.MULTILINE)
    for result, name, parameters in prototypes:
        function = getattr(loaded, name)
        function.restype = c_char_p if "char" in result else ctype(result)
        listed = [one.strip() for one in parameters.split(",")]
        function.argtypes = [] if listed == ["void"] else [ctype(one) for one in listed]
    return loaded, constants, len(prototypes)


class Failed(Exception):
    """A call that gave another code than success."""


class Library:
    """Calls by name; texts are `str`, and what the library gives comes back."""

    def __init__(self, library, header):
        self.raw, self.constants, self.functions = load(library, header)

    def call(self, name, *arguments):
        given = []
        for one in arguments:
            if isinstance(one, str):
                text = one.encode()
                given += [ctypes.cast(c_char_p(text), c_void_p), len(text)]
            else:
                given.append(one)
        status = getattr(self.raw, f"passerelle_{name}")(*given)
        if status != self.constants["PASSERELLE_STATUS_OK"]:
            raise Failed(status, self.lent("last_message"))

    def handle(self, name, *arguments):
        out = c_uint64()
        self.call(name, *arguments, byref(out))
        return out.value

    def lent(self, name, *arguments):
        text, length = c_void_p(), c_size_t()
        self.call(name, *arguments, byref(text), byref(length))
        return ctypes.string_at(text.value, length.value).decode() if length.value else ""

    def json(self, name, *arguments):
        text = self.handle(name, *arguments)
        try:
            return json.loads(self.lent("text", text))
        finally:
            self.call("close", text)

    def count(self, handle, part):
        out = c_size_t()
        self.call("count", handle, self.constants[f"PASSERELLE_PART_{part}"], byref(out))
        return out.value


def main(library, header, folder):
    lib = Library(library, header)
    assert lib.raw.passerelle_abi() == lib.constants["PASSERELLE_ABI"]
    can = lib.json("capabilities")
    assert can["version"] == lib.raw.passerelle_version().decode()

    hub, framework, profiles = c_uint64(), c_uint64(), c_uint64()
    lib.call("hub_open", folder, byref(hub), byref(framework), byref(profiles))
    people = lib.handle("profiles_people", profiles)
    targets = lib.handle("framework_targets", framework)
    rows, columns = lib.count(people, "PEOPLE"), lib.count(targets, "TARGETS")

    figures = (c_float * (rows * columns))()
    lib.call("gap", people, targets, "coverage", figures, rows * columns, None)
    k = 3
    positions, scores = (c_int32 * (rows * k))(), (c_float * (rows * k))()
    lib.call("rank", people, targets, 0, k, "coverage", positions, scores, rows * k, None)
    for row in range(rows):
        best = sorted(range(columns), key=lambda at: (-figures[row * columns + at], at))[:k]
        best = [at for at in best if figures[row * columns + at] > 0]
        ranked = [at for at in positions[row * k : row * k + k] if at >= 0]
        assert [a for a in ranked if figures[row * columns + a] > 0] == best, row

    person = lib.lent("id", people, lib.constants["PASSERELLE_PART_PEOPLE"], 0)
    job = lib.lent("id", targets, lib.constants["PASSERELLE_PART_TARGETS"], 0)
    why = lib.json("explain", profiles, person, job, "coverage", "fr")
    assert c_float(why["score"]).value == figures[0]
    seen = lib.json("hub_ask", hub, '{"ask": "overview"}', None)
    assert seen["people"] == rows and len(seen["occupations"]) == columns
    for view in seen["occupations"]:
        counts = (view[name] or 0 for name in ("best_for", "among_best_of", "eligible", "to_ask"))
        assert not any(1 <= count <= 10 for count in counts), "few people are not counted"
    for pair in lib.json("hub_ask", hub, '{"ask": "near-sectors"}', None):
        assert 0 < pair["similarity"] <= 1 and pair["shared"]
    assert lib.json("hub_ask", hub, '{"ask": "patterns"}', None)[0]["pattern"]

    refused = 0
    for name, *arguments in [
        ("close", 12345),
        ("profiles_people", hub, None),
        ("gap", people, targets, "luck", figures, rows * columns, None),
        ("hub_ask", hub, "{", None, byref(c_uint64())),
    ]:
        try:
            lib.call(name, *arguments)
        except Failed as failed:
            status, message = failed.args
            assert status > 0 and message, name
            refused += 1
    assert refused == 4
    for handle in [people, targets, profiles, framework, hub]:
        lib.call("close", handle)
    print(f"{lib.functions} functions, {rows} people, {columns} jobs: as they must be")


if __name__ == "__main__":
    main(*sys.argv[1:])
