"""The library, its materialised tree, and the large catalogs; made once and kept for the next run."""

import hashlib
import os
import shutil
import struct
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor

from mounts import BenchError, say

TRACKS = 1000
LOUD_TRACKS = 100
LOUD_BYTES = 3_000_000
LONG_BYTES = 300_000_000
_VERSION = "2"


def make_library(root, home):
    """1,000 tracks: 899 short ones, 100 of 3 MB and one of 300 MB, noise that no encoder makes smaller."""
    library = os.path.join(home, "library")
    done = os.path.join(home, "library.done")
    if os.path.exists(done) and open(done, encoding="ascii").read() == _VERSION:
        return library
    say("making a library of %d tracks in %s" % (TRACKS, library))
    shutil.rmtree(library, ignore_errors=True)
    subprocess.run([os.path.join(root, "scripts", "make-library"), library, str(TRACKS - LOUD_TRACKS - 1)],
                   check=True, stdout=subprocess.DEVNULL)
    os.remove(os.path.join(library, ".make-library"))
    os.makedirs(os.path.join(library, "loud"))
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(_noise, os.path.join(library, "loud", "%03d.flac" % number), LOUD_BYTES, "Loud",
                            number, LOUD_TRACKS) for number in range(1, LOUD_TRACKS + 1)]
        jobs.append(pool.submit(_noise, os.path.join(library, "loud", "long.flac"), LONG_BYTES, "Long", 1, 1))
        for job in jobs:
            job.result()
    with open(done, "w", encoding="ascii") as out:
        out.write(_VERSION)
    return library


MEDIUM_BYTES = 64_000_000


def make_medium(home):
    """A track of 64 MB beside the library, for what takes too long with one of 300."""
    path = os.path.join(home, "medium.flac")
    if not os.path.exists(path):
        say("making a track of %d MB" % (MEDIUM_BYTES // 1_000_000))
        _noise(os.path.join(home, "medium.new.flac"), MEDIUM_BYTES, "Medium", 1, 1)
        os.rename(os.path.join(home, "medium.new.flac"), path)
    return path


def _noise(path, size, album, track, tracks):
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-f", "s16le", "-ar", "44100", "-ac", "2",
               "-t", "%.3f" % (size / 176400), "-i", "/dev/urandom", "-c:a", "flac", "-compression_level", "0"]
    tags = {"title": "Noise %d" % track, "artist": "Noise", "album_artist": "Noise", "album": album, "date": "2001",
            "genre": "Noise", "track": str(track), "TRACKTOTAL": str(tracks)}
    for key, value in tags.items():
        command += ["-metadata", "%s=%s" % (key, value)]
    subprocess.run(command + [path], check=True)


COVERED_ALBUMS, COVERED_TRACKS = 50, 12
_COVERS_VERSION = "1"


def make_covers(home):
    """600 tracks, an album of 12 with one embedded picture of 50, 140, 270 or 560 KB; FLAC but for every third, MP3."""
    folder = os.path.join(home, "covers")
    done = os.path.join(home, "covers.done")
    if os.path.exists(done) and open(done, encoding="ascii").read() == _COVERS_VERSION:
        return folder
    say("making %d tracks with covers in %s" % (COVERED_ALBUMS * COVERED_TRACKS, folder))
    shutil.rmtree(folder, ignore_errors=True)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda album: _covered_album(folder, album), range(1, COVERED_ALBUMS + 1)))
    with open(done, "w", encoding="ascii") as out:
        out.write(_COVERS_VERSION)
    return folder


def _covered_album(folder, album):
    suffix, seconds, codec = (("flac", 4, ["-c:a", "flac", "-compression_level", "0"]) if album % 3 else
                              ("mp3", 8, ["-c:a", "libmp3lame", "-b:a", "320k", "-id3v2_version", "3"]))
    album_dir = os.path.join(folder, "%02d" % album)
    os.makedirs(album_dir)
    picture = os.path.join(folder, "%02d.jpg" % album)
    quiet = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-threads", "1"]
    width = (300, 500, 700, 1000)[album % 4]
    subprocess.run(quiet + ["-f", "rawvideo", "-pix_fmt", "yuvj420p", "-s", "%dx%d" % (width, width), "-i", "/dev/urandom",
                            "-frames:v", "1", "-q:v", "12", picture], check=True)
    # Each track is a stretch of its own of one noise: equal audio would be one and the same track.
    command = quiet + ["-f", "s16le", "-ar", "44100", "-ac", "2", "-t", str(seconds * COVERED_TRACKS), "-i", "/dev/urandom"]
    paths = []
    for track in range(1, COVERED_TRACKS + 1):
        tags = {"title": "Covered %02d-%02d" % (album, track), "artist": "Covered", "album_artist": "Covered",
                "album": "Covered %02d" % album, "date": "2001", "genre": "Noise",
                "track": str(track) if suffix == "flac" else "%d/%d" % (track, COVERED_TRACKS)}
        command += ["-ss", str((track - 1) * seconds), "-t", str(seconds), *codec]
        for key, value in tags.items():
            command += ["-metadata", "%s=%s" % (key, value)]
        paths.append(os.path.join(album_dir, "%02d.%s" % (track, suffix)))
        command.append(paths[-1])
    subprocess.run(command, check=True)
    # ffmpeg itself cannot: a picture stands at 0 s, and all stretches but the first begin later.
    with open(picture, "rb") as data:
        jpeg = data.read()
    for path in paths:
        with open(path, "rb") as data:
            plain = data.read()
        with open(path, "wb") as out:
            out.write((_flac_with if suffix == "flac" else _mp3_with)(plain, jpeg, width))
    os.remove(picture)


def _flac_with(plain, jpeg, width):
    """A PICTURE block (RFC 9639, 8.8) before the last metadata block, which is ffmpeg's padding."""
    at = 4
    while not plain[at] & 0x80:
        at += 4 + int.from_bytes(plain[at + 1:at + 4], "big")
    mime = b"image/jpeg"
    block = (struct.pack(">II", 3, len(mime)) + mime + struct.pack(">IIIIII", 0, width, width, 24, 0, len(jpeg)) + jpeg)
    return plain[:at] + b"\x06" + len(block).to_bytes(3, "big") + block + plain[at:]


def _mp3_with(plain, jpeg, width):
    """An APIC frame (ID3v2.3, 4.15) after the last text frame; the width stands in the picture itself."""
    size = 0
    for byte in plain[6:10]:
        size = size << 7 | byte
    at = 10
    while at < 10 + size and plain[at] != 0:
        at += 10 + int.from_bytes(plain[at + 4:at + 8], "big")
    body = b"\x00image/jpeg\x00\x03\x00" + jpeg
    frame = b"APIC" + len(body).to_bytes(4, "big") + b"\x00\x00" + body
    size += len(frame)
    return (plain[:6] + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + plain[10:at] + frame + plain[at:])


def bytes_under(directory):
    """What the files under a directory take of the disk: the holes of a sparse file do not count."""
    total = 0
    for folder, _, files in os.walk(directory):
        for name in files:
            try:
                total += os.lstat(os.path.join(folder, name)).st_blocks * 512
            except FileNotFoundError:
                pass  # A temporary file that was renamed.
    return total


def names_of(directory):
    """The tracks under a directory by relative path, sorted; hidden names are MusicFS's own and left out."""
    found = []
    for folder, folders, files in os.walk(directory):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.relpath(os.path.join(folder, name), directory) for name in files if not name.startswith(".")]
    return sorted(found)


def _digest(path):
    digest = hashlib.blake2b()
    with open(path, "rb") as data:
        while part := data.read(1 << 20):
            digest.update(part)
    return digest.digest()


def materialise(library, shown, tree):
    """The tree as MusicFS shows it, of hard links into the library, found by content: that checks every byte too."""
    originals = {_digest(os.path.join(library, name)): os.path.join(library, name) for name in names_of(library)}
    shutil.rmtree(tree, ignore_errors=True)
    names = names_of(shown)
    for name in names:
        original = originals.get(_digest(os.path.join(shown, name)))
        if original is None:
            raise BenchError("%s as MusicFS serves it has other bytes than any original" % name)
        target = os.path.join(tree, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        try:
            os.link(original, target)
        except OSError:
            shutil.copy2(original, target)
    return names


def catalog_file(cache_dir):
    """The name of the SQLite database that a daemon left in its cache directory, relative to it."""
    for folder, _, files in os.walk(cache_dir):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as data:
                if data.read(15) == b"SQLite format 3":
                    return os.path.relpath(path, cache_dir)
    raise BenchError("no SQLite catalog in " + cache_dir)


def make_catalog(root, jar, home, tracks, origin):
    """A catalog of so many tracks, written by BigCatalog of the test kit; made anew when either it or the schema changes."""
    source = os.path.join(root, "src", "test", "java", "dev", "musicfs", "testkit", "BigCatalog.java")
    key = hashlib.sha256(open(source, "rb").read())
    with zipfile.ZipFile(jar) as program:
        for name in sorted(program.namelist()):
            if name.endswith(".sql"):
                key.update(program.read(name))
    catalog = os.path.join(home, "catalog-%d-%s-%s.db" % (tracks, origin, key.hexdigest()[:12]))
    if os.path.exists(catalog):
        return catalog
    say("writing a catalog of %d tracks" % tracks)
    classes = os.path.join(home, "classes")
    subprocess.run(["javac", "-proc:none", "-nowarn", "-cp", jar, "-d", classes, source], check=True)
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(catalog + ".new" + suffix):
            os.remove(catalog + ".new" + suffix)
    subprocess.run(["java", "-cp", classes + os.pathsep + jar, "dev.musicfs.testkit.BigCatalog", catalog + ".new",
                    str(tracks), origin], check=True, stdout=subprocess.DEVNULL)
    os.rename(catalog + ".new", catalog)
    return catalog
