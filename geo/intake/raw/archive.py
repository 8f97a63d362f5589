"""ZIP archives by their table of contents, inflated no further than allowed."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from beltmap.geo.intake.limits import MIB, Limits
from beltmap.geo.intake.notices import RefusedError, refuse
from beltmap.geo.intake.raw.sniff import ending
from beltmap.geo.intake.raw.ziptable import broken, checked

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_LOCAL_MARK: Final = b"PK\x03\x04"
_CHUNK: Final = 64 * 1024
_NESTED: Final = frozenset(["zip", "kmz", "rar", "7z", "gz", "tgz", "tar", "bz2", "xz"])
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LITTER: Final = re.compile(
    r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE
)
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1 | 0x40


_DECLARED: Final = re.compile(
    rb"<\x00?!\x00?(D\x00?O\x00?C|E\x00?N\x00?T)", re.IGNORECASE
)
"""Begin of a document type or an entity, in one byte a letter or in two."""


class Archive:
    """
    The files in a ZIP archive, looked over before any is opened.

    Parameters
    ----------
    data
        The whole archive.
    limits
        How many entries it may have and how far it may grow.

    Raises
    ------
    RefusedError
        If it is broken, empty, encrypted or too large, holds a link, or a path
        that leads out of it.

    Archives in it are listed in `inner`, and never opened.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.inflated_bytes
        self.data = checked(data, limits)
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                infos = archive.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            NotImplementedError,
            struct.error,
        ):
            raise broken("table and entries") from None
        if not infos:
            raise refuse("E_ARCHIVE_EMPTY")
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self.inner: list[str] = []
        known: set[str] = set()
        for info in infos:
            name = entry_name(info)
            _check_entry(name, info, limits)
            if info.is_dir() or _LITTER.search(name):
                continue
            if ending(name) in _NESTED:
                self.inner.append(name)
                continue
            if name.casefold() in known:
                raise refuse("E_ARCHIVE_TWICE", entry=name)
            known.add(name.casefold())
            self.entries[name] = info
        self.begins = _begins(self.data, infos)
        size = sum(info.file_size for info in infos)
        if size > limits.inflated_bytes:
            raise refuse("E_ARCHIVE_SIZE", limit=limits.inflated_bytes)

    def refuse_document_types(self) -> None:
        """
        Refuse an entry that declares a document type, whatever its name.

        Raises
        ------
        RefusedError
            Naming the first one, or an archive in which one could be.
        """
        self.refuse_inner()
        for name in self.entries:
            if _DECLARED.search(self.read(name)):
                raise refuse("E_XML_DTD", {"entry": name})

    def refuse_inner(self) -> None:
        """
        Refuse an archive inside the archive.

        Raises
        ------
        RefusedError
            Naming the first one.
        """
        if self.inner:
            raise refuse("E_ARCHIVE_NESTED", entry=self.inner[0])

    def read(self, name: str) -> bytes:
        """
        Inflate one file, counting the bytes that really come out.

        Raises
        ------
        RefusedError
            If it is damaged, or larger than the archive may grow.
        """
        info = self.entries[name]
        parts = []
        check, whole = 0, 0
        for part in self._inflated(name, info):
            check, whole = zlib.crc32(part, check), whole + len(part)
            if whole > info.file_size:
                raise _other_length(name, info, f"> {info.file_size}")
            parts.append(part)
        self.left -= whole
        if self.left < 0:
            raise refuse("E_ARCHIVE_SIZE", limit=self.limits.inflated_bytes)
        if whole < info.file_size:
            raise _other_length(name, info, whole)
        if check != info.CRC:
            raise broken("an entry cannot be read", name)
        return b"".join(parts)

    def _inflated(self, name: str, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Give what is in an entry, piece by piece, to the end of its bytes."""
        begin = self.begins[info.header_offset]
        packed = self.data[begin : begin + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            yield packed
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for start in range(0, len(packed), _CHUNK):
                piece = packed[start : start + _CHUNK]
                while piece and not inflater.eof:
                    yield inflater.decompress(piece, _CHUNK)
                    piece = inflater.unconsumed_tail
                if inflater.eof and (
                    inflater.unused_data or start + _CHUNK < len(packed)
                ):
                    raise broken("an entry cannot be read", name)
            # what is left is at most what one code can still mean
            yield inflater.flush()
        except zlib.error:
            raise broken("an entry cannot be read", name) from None
        if not inflater.eof:
            raise broken("an entry cannot be read", name)


def entry_name(info: zipfile.ZipInfo) -> str:
    """
    Read the name of an entry, which may be UTF-8 or GBK without saying so.

    Examples
    --------
    >>> entry_name(zipfile.ZipInfo("图层.shp".encode("gbk").decode("cp437")))
    '图层.shp'
    """
    name = info.orig_filename.partition("\x00")[0].replace("\\", "/")
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        plain = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return plain.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _other_length(name: str, info: zipfile.ZipInfo, found: int | str) -> RefusedError:
    """Make the error of an entry that is not as long as the table says."""
    said = info.file_size
    return refuse(
        "E_LENGTH_DIFFERS", {"entry": name}, part="ZIP", said=said, found=found
    )


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    """Give the bytes of a name as the table has them."""
    encoding = "utf-8" if info.flag_bits & _UTF8_NAME else "cp437"
    return info.orig_filename.encode(encoding)


def _begins(data: bytes, infos: list[zipfile.ZipInfo]) -> dict[int, int]:
    """
    Find where the content of each entry begins, by where its own head stands.

    Raises
    ------
    RefusedError
        If a head is not there or says another name than the table, or if two
        entries share bytes: one bomb would be inflated many times.
    """
    begins, end = {}, 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        name, at = entry_name(info), info.header_offset
        if at < end:
            raise broken("entries share bytes", name)
        head = data[at : at + _LOCAL.size]
        if len(head) < _LOCAL.size or not head.startswith(_LOCAL_MARK):
            raise broken("table and entries", name)
        *_, name_size, more_size = _LOCAL.unpack(head)
        begin = at + _LOCAL.size
        if data[begin : begin + name_size] != _raw_name(info):
            raise broken("table and entries", name)
        begins[at] = begin + name_size + more_size
        end = begins[at] + info.compress_size
        if end > len(data):
            raise broken("table and entries", name)
    return begins


def _check_entry(name: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    parts = name.split("/")
    if ".." in parts or name.startswith("/") or re.match(r"[A-Za-z]:", name):
        raise refuse("E_ARCHIVE_PATH", entry=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise refuse("E_ARCHIVE_LINK", entry=name)
    if info.flag_bits & _ENCRYPTED:
        raise refuse("E_ARCHIVE_ENCRYPTED", entry=name)
    if not info.is_dir() and info.compress_type not in _METHODS:
        raise broken("unknown method", name)
    if info.file_size > max(MIB, limits.ratio * info.compress_size):
        raise refuse("E_ARCHIVE_RATIO", entry=name, limit=limits.ratio)
