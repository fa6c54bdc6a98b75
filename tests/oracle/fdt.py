# SPDX-License-Identifier: GPL-2.0-or-later
"""A small reader of flattened device trees, written from the Devicetree Specification (chapter 5).

It shares no code with the library it judges and does not use libfdt.
"""

import struct

BEGIN_NODE, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9
MAGIC = 0xD00DFEED
MAX_DEPTH = 64


class FdtError(Exception):
    """The blob is not a device tree or is damaged; the text says where."""


class Node:
    __slots__ = ("name", "parent", "props", "children", "path", "phandle", "tree", "index", "duplicates")

    def __init__(self, tree, name, parent):
        self.tree = tree
        self.name = name
        self.parent = parent
        self.props = {}
        self.children = []
        self.phandle = 0
        self.duplicates = False
        if parent is None:
            self.path = "/"
        else:
            self.path = (parent.path if parent.path != "/" else "") + "/" + name
        self.index = len(tree.nodes)

    def __repr__(self):
        return f"<{self.path}>"

    @property
    def base_name(self):
        return self.name.split("@", 1)[0]

    def get(self, name):
        return self.props.get(name)

    def has(self, name):
        return name in self.props

    def cells(self, name):
        """The property as a list of 32-bit cells ([] when absent); a last partial cell is dropped."""
        value = self.props.get(name)
        if not value:
            return []
        return list(struct.unpack(f">{len(value) // 4}I", value[: len(value) // 4 * 4]))

    def u32(self, name):
        """The first cell, or None when the property is absent or shorter than a cell."""
        value = self.props.get(name)
        if value is None or len(value) < 4:
            return None
        return struct.unpack_from(">I", value)[0]

    def strings(self, name):
        value = self.props.get(name)
        if not value:
            return []
        parts = value.split(b"\0")
        if value.endswith(b"\0"):
            parts.pop()
        return [part.decode("utf-8", "replace") for part in parts]

    def string(self, name):
        """The first string, or None when the property is absent or empty."""
        value = self.props.get(name)
        if not value:
            return None
        return value.split(b"\0", 1)[0].decode("utf-8", "replace")

    @property
    def available(self):
        """No status, "okay" or "ok".  An empty status is none of these."""
        return not self.has("status") or self.string("status") in ("okay", "ok")

    def ancestors(self):
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def subtree(self):
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))


class Tree:
    """All nodes of one blob, in the order of the blob."""

    def __init__(self, blob):
        self.nodes = []
        self.by_phandle = {}
        self.by_path = {}
        self.reserved = []
        self._parse(blob)
        self.root = self.nodes[0]
        for node in self.nodes:
            self.by_path.setdefault(node.path, node)
            if node.phandle:
                # Of several nodes with one phandle the first one counts.
                self.by_phandle.setdefault(node.phandle, node)

    def _parse(self, blob):
        if len(blob) < 40:
            raise FdtError("shorter than a header")
        header = struct.unpack_from(">10I", blob)
        magic, total, at, strings, reserve, version, compatible, _, strings_size, size = header
        if magic != MAGIC:
            raise FdtError("no device tree magic")
        if version < 16 or compatible > 17:
            raise FdtError(f"version {version}")
        if total > len(blob):
            raise FdtError(f"truncated: {len(blob)} of {total} bytes")
        blob = blob[:total]
        if version < 17:
            size = total - at
        if at + size > total or at % 4 or strings + strings_size > total:
            raise FdtError("a block lies outside the blob")
        position = reserve
        while position + 16 <= total:
            entry = struct.unpack_from(">2Q", blob, position)
            if entry[1] == 0:
                break
            self.reserved.append(entry)
            position += 16
        self._structure(blob, at, at + size, blob[strings : strings + strings_size])

    def _structure(self, blob, position, end, strings):
        names = {}
        node = None
        closed = False
        depth = 0
        while True:
            if position + 4 > end:
                raise FdtError(f"structure block ends at 0x{position:x} without an end token")
            token = struct.unpack_from(">I", blob, position)[0]
            position += 4
            if token == NOP:
                continue
            if token == BEGIN_NODE:
                stop = blob.find(b"\0", position, end)
                if stop < 0:
                    raise FdtError(f"unterminated node name at 0x{position:x}")
                if closed:
                    raise FdtError(f"a second root at 0x{position:x}")
                name = blob[position:stop].decode("utf-8", "replace")
                position = (stop + 4) & ~3
                depth += 1
                if depth > MAX_DEPTH:
                    raise FdtError("nested too deeply")
                child = Node(self, name, node)
                if node is not None:
                    node.children.append(child)
                self.nodes.append(child)
                node = child
            elif token == END_NODE:
                if node is None:
                    raise FdtError(f"unbalanced node end at 0x{position - 4:x}")
                depth -= 1
                closed = node.parent is None
                node = node.parent
            elif token == PROP:
                if position + 8 > end:
                    raise FdtError(f"truncated property at 0x{position:x}")
                length, offset = struct.unpack_from(">2I", blob, position)
                position += 8
                if position + length > end:
                    raise FdtError(f"property runs out of the block at 0x{position:x}")
                if node is None:
                    raise FdtError(f"property outside a node at 0x{position:x}")
                name = names.get(offset)
                if name is None:
                    stop = strings.find(b"\0", offset)
                    if stop < 0:
                        raise FdtError(f"property name outside the strings at 0x{position:x}")
                    name = names[offset] = strings[offset:stop].decode("utf-8", "replace")
                self._property(node, name, blob[position : position + length])
                position = (position + length + 3) & ~3
            elif token == END:
                if node is not None or not closed:
                    raise FdtError(f"end token inside a node at 0x{position - 4:x}")
                return
            else:
                raise FdtError(f"unknown token {token} at 0x{position - 4:x}")

    @staticmethod
    def _property(node, name, value):
        if node.children:
            return  # the specification puts properties before children; readers do not see others
        if name in node.props:
            node.duplicates = True
            return
        node.props[name] = value
        if name in ("phandle", "linux,phandle") and not node.phandle and len(value) >= 4:
            node.phandle = struct.unpack_from(">I", value)[0]

    def find(self, phandle):
        return self.by_phandle.get(phandle)


def load(path):
    with open(path, "rb") as file:
        return Tree(file.read())
