"""Reads the TwiML builder's TypeScript declarations into a table of elements, attributes and enumerations."""

import re
from collections.abc import Iterator

_ENUMERATION = re.compile(r"^\s*type (\w+) = (.+);$")
_BLOCK = re.compile(r"^\s*(?:export |declare )?(?:interface (\w+)|class (\w+) extends TwiML) \{$")
_ATTRIBUTE = re.compile(r'^\s*"?([\w:-]+)"?\?: (\S+);$')
_METHOD = re.compile(r"^\s*(\w+)\((.*)\): \w+Response\.(\w+);$")
_ATTRIBUTES_PARAMETER = re.compile(r"attributes\??: (?:\w+\.)?(\w+)")
_TEXT_PARAMETER = re.compile(r"\b(?!attributes)\w+(\??): string$")

Element = dict[str, object]


class _Reader:
    """Collects, line by line, what the declarations say; `table` gives the result."""

    def __init__(self) -> None:
        self.enumerations: dict[str, list[str]] = {}
        self.interfaces: dict[str, dict[str, str]] = {}
        self.children: dict[str, dict[str, str]] = {}
        self.interface_of: dict[str, str] = {}
        self.text_of: dict[str, str] = {}
        self._interface = ""
        self._class = ""

    def read(self, line: str) -> None:
        """Takes one line of the declarations; lines of no interest are passed over."""
        if found := _ENUMERATION.match(line):
            self.enumerations[found[1]] = re.findall(r'"([^"]*)"', found[2])
        elif found := _BLOCK.match(line):
            self._interface, self._class = found[1] or "", found[2] or ""
            if self._class:
                self.children.setdefault(self._class, {})
        elif self._interface and (found := _ATTRIBUTE.match(line)):
            self.interfaces.setdefault(self._interface, {})[found[1]] = found[2]
        elif self._class and (found := _METHOD.match(line)):
            self._method(*found.groups())

    def _method(self, method: str, parameters: str, child: str) -> None:
        name = _kebab(method) if child.startswith("Ssml") else method[0].upper() + method[1:]
        self.children[self._class][name] = child
        if found := _ATTRIBUTES_PARAMETER.search(parameters):
            self.interface_of[child] = found[1]
        text = _TEXT_PARAMETER.search(parameters)
        wanted = "none" if text is None else "optional" if text[1] else "required"
        # Overloads disagree on the attributes only, so the one that names a text decides.
        if self.text_of.get(child, "none") == "none":
            self.text_of[child] = wanted

    def table(self) -> dict[str, object]:
        elements = dict(self._elements())
        used = {str(kind).removesuffix("[]") for kind in self._kinds()}
        named = {name: values for name, values in self.enumerations.items() if name in used}
        return {"elements": elements, "enumerations": named}

    def _elements(self) -> Iterator[tuple[str, Element]]:
        for name, children in self.children.items():
            key = "Response" if name.endswith("Response") else name
            attributes = self.interfaces.get(self.interface_of.get(name, ""), {})
            text = self.text_of.get(name, "none")
            yield key, {"attributes": attributes, "children": children, "text": text}

    def _kinds(self) -> Iterator[str]:
        for attributes in self.interfaces.values():
            yield from attributes.values()


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda found: f"-{found[1].lower()}", name)


def parse_twiml(declarations: str) -> dict[str, object]:
    """Table of one `*Response.d.ts`: `elements` by class name, and the `enumerations` they use.

    `children` maps an element's name in XML to its class; `text` is none, optional or required.
    """
    reader = _Reader()
    for line in declarations.splitlines():
        reader.read(line)
    return reader.table()
