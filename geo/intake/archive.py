"""ZIP archives by their table of contents, inflated no further than allowed."""

import io
import re
import stat
import struct
import zipfile
import zlib
from typing import Final

from geo.intake.limits import MIB, Limits
from geo.intake.notices import refuse
from geo.intake.sniff import ending

_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 65_535
_ENTRY_BYTES: Final = 512
_CHUNK: Final = MIB
_NESTED: Final = frozenset(["zip", "kmz", "rar", "7z", "gz", "tgz", "tar", "bz2", "xz"])
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LITTER: Final = re.compile(
    r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE
)
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1 | 0x40


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
        If it is broken, empty, encrypted or too large, holds a link or
        another archive, or a path that leads out of it.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.inflated_bytes
        _check_end(data, limits)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise refuse("E_ARCHIVE_BROKEN", found=_why(error)) from None
        infos = self.zip.infolist()
        if not infos:
            raise refuse("E_ARCHIVE_EMPTY")
        self.entries: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = entry_name(info)
            _check_entry(name, info, limits)
            if info.is_dir() or _LITTER.search(name):
                continue
            if name.casefold() in (known.casefold() for known in self.entries):
                raise refuse("E_ARCHIVE_TWICE", entry=name)
            self.entries[name] = info
        size = sum(info.file_size for info in infos)
        if size > limits.inflated_bytes:
            raise refuse("E_ARCHIVE_SIZE", limit=limits.inflated_bytes)

    def read(self, name: str) -> bytes:
        """
        Inflate one file, counting the bytes that really come out.

        Raises
        ------
        RefusedError
            If it is damaged, or larger than the archive may grow.
        """
        parts = []
        try:
            with self.zip.open(self.entries[name]) as file:
                while part := file.read(_CHUNK):
                    self.left -= len(part)
                    if self.left < 0:
                        limit = self.limits.inflated_bytes
                        raise refuse("E_ARCHIVE_SIZE", limit=limit)
                    parts.append(part)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            OSError,
            RuntimeError,
        ) as error:
            if hasattr(error, "notice"):
                raise
            raise refuse("E_ARCHIVE_BROKEN", found=_why(error)) from None
        return b"".join(parts)


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


def _check_end(data: bytes, limits: Limits) -> None:
    """Read how many entries are announced before a list of them is made."""
    at = data.rfind(_END, max(0, len(data) - _LONGEST_COMMENT - _END_BYTES))
    if at < 0 or len(data) - at < _END_BYTES:
        raise refuse("E_ARCHIVE_BROKEN", found="its end is missing")
    count, size = struct.unpack("<HI", data[at + 10 : at + 16])
    if count > limits.entries or size > limits.entries * _ENTRY_BYTES:
        raise refuse("E_ARCHIVE_ENTRIES", found=count, limit=limits.entries)


def _check_entry(name: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    parts = name.split("/")
    if ".." in parts or name.startswith("/") or re.match(r"[A-Za-z]:", name):
        raise refuse("E_ARCHIVE_PATH", entry=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise refuse("E_ARCHIVE_LINK", entry=name)
    if info.flag_bits & _ENCRYPTED:
        raise refuse("E_ARCHIVE_ENCRYPTED", entry=name)
    if ending(name) in _NESTED:
        raise refuse("E_ARCHIVE_NESTED", entry=name)
    if not info.is_dir() and info.compress_type not in _METHODS:
        raise refuse("E_ARCHIVE_BROKEN", found=f"{name}: method {info.compress_type}")
    if info.file_size > max(MIB, limits.ratio * info.compress_size):
        raise refuse("E_ARCHIVE_RATIO", entry=name, limit=limits.ratio)


def _why(error: Exception) -> str:
    """Say what is wrong without repeating what a library says."""
    return (
        "an entry cannot be read"
        if isinstance(error, zlib.error)
        else "its table of contents and its entries do not fit"
    )
