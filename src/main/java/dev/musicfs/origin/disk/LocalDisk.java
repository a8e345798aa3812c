package dev.musicfs.origin.disk;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the kernel of this machine says below a directory, on the calling thread. Throws only {@link MusicFsException}. */
public final class LocalDisk {
    private final OriginId id;
    private final LocalPaths paths;
    private final InodeTrust trust = new InodeTrust();

    /** {@code id} is for failures; nothing is looked at yet. */
    public LocalDisk(OriginId id, LocalPaths paths) {
        this.id = id;
        this.paths = paths;
    }

    /** Where its files are. */
    public LocalPaths paths() {
        return paths;
    }

    /**
     * Fails with one sentence for people unless the root is a directory that can be listed.
     *
     * @return whether it holds anything
     */
    public boolean checkRootBlocking() {
        Path root = paths.root();
        try {
            if (!Files.readAttributes(root, BasicFileAttributes.class).isDirectory()) {
                throw new MusicFsException(
                        FailureKind.INVALID, "Origin " + id + " is not a directory: " + root + " is a file.");
            }
            // access(2) would not do: it asks for the real user id and knows no server's mind.
            try (DirectoryStream<Path> names = Files.newDirectoryStream(root)) {
                return names.iterator().hasNext();
            }
        } catch (DirectoryIteratorException e) {
            throw MusicFsException.wrap(
                    "Origin " + id + " cannot be read: " + root, Objects.requireNonNull(e.getCause()));
        } catch (NoSuchFileException e) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "Origin " + id + " is not there: the directory " + root + " does not exist.",
                    e);
        } catch (IOException e) {
            FailureKind kind = MusicFsException.kindOf(e);
            String what = kind == FailureKind.REJECTED ? "permission denied" : String.valueOf(e.getMessage());
            throw new MusicFsException(
                    kind == FailureKind.NOT_FOUND ? FailureKind.UNAVAILABLE : kind,
                    "Origin " + id + " cannot be read: " + root + ": " + what + ".",
                    e);
        }
    }

    /** As {@link dev.musicfs.origin.Origin#list}. A link back to a directory above itself is left out. */
    public List<OriginEntry> listBlocking(RealPath directory) {
        return listBlocking(directory, () -> {});
    }

    /** The same, with a call for every name that was dealt with. */
    public List<OriginEntry> listBlocking(RealPath directory, Runnable progress) {
        List<OriginEntry> entries = new ArrayList<>();
        Set<InodeAttributes.Identity> above = new HashSet<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(paths.locate(directory))) {
            for (Path child : names) {
                progress.run();
                RealPath path = directory.resolve(paths.nameOf(child));
                InodeAttributes found;
                try {
                    found = InodeAttributes.of(child);
                } catch (IOException e) {
                    unlessGone(child, path, e).ifPresent(entries::add);
                    continue;
                }
                if (!(found.directory() || found.regularFile())) {
                    continue;
                }
                if (found.directory()) {
                    if (above.isEmpty()) {
                        above = identitiesFrom(directory);
                    }
                    if (above.contains(found.identity())) {
                        continue;
                    }
                }
                entries.add(found.entry(
                        path, trust.keepsInodes(child, found.identity().device())));
            }
        } catch (DirectoryIteratorException e) {
            throw failure(directory, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw failure(directory, e);
        }
        entries.sort((a, b) -> a.path().compareTo(b.path()));
        return entries;
    }

    /** A name that cannot be looked at; empty when it went since the directory was read. */
    private Optional<OriginEntry> unlessGone(Path child, RealPath path, IOException e) {
        if (e instanceof NoSuchFileException && !Files.isSymbolicLink(child)) {
            return Optional.empty();
        }
        return Optional.of(
                OriginEntry.unknown(path, MusicFsException.wrap("Origin " + id + " cannot look at " + path, e)));
    }

    /** As {@link dev.musicfs.origin.Origin#stat}. */
    public OriginEntry statBlocking(RealPath path) {
        try {
            Path file = paths.locate(path);
            InodeAttributes found = InodeAttributes.of(file);
            if (!(found.directory() || found.regularFile())) {
                throw new MusicFsException(
                        FailureKind.NOT_FOUND, "Neither file nor directory on origin " + id + ": " + path);
            }
            return found.entry(path, trust.keepsInodes(file, found.identity().device()));
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /**
     * As {@link dev.musicfs.origin.Origin#read}. The version is compared before and after: either alone would let
     * through the bytes of a file that is replaced between the look and the opening.
     */
    public byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range) {
        ByteRange wanted = range.within(expected.sizeBytes());
        if (wanted.length() > Integer.MAX_VALUE - 8) {
            throw new MusicFsException(FailureKind.INVALID, "More than 2 GiB asked for in one read of " + path);
        }
        checkVersion(path, expected);
        byte[] bytes = new byte[(int) wanted.length()];
        try (FileChannel file = FileChannel.open(paths.locate(path), StandardOpenOption.READ)) {
            ByteBuffer into = ByteBuffer.wrap(bytes);
            while (into.hasRemaining()) {
                if (file.read(into, wanted.offset() + into.position()) < 0) {
                    throw stale(path);
                }
            }
        } catch (IOException e) {
            throw failure(path, e);
        }
        checkVersion(path, expected);
        return bytes;
    }

    private void checkVersion(RealPath path, FileVersion expected) {
        OriginEntry now = statBlocking(path);
        if (now.directory()) {
            throw new MusicFsException(FailureKind.INVALID, "A directory cannot be read: " + path);
        }
        if (!now.version().equals(expected)) {
            throw stale(path);
        }
    }

    private MusicFsException stale(RealPath path) {
        return new MusicFsException(FailureKind.STALE, "Changed on origin " + id + " since it was looked at: " + path);
    }

    // The directory itself and everything from it up to the root, links followed.
    private Set<InodeAttributes.Identity> identitiesFrom(RealPath directory) throws IOException {
        Set<InodeAttributes.Identity> identities = new HashSet<>();
        RealPath at = directory;
        while (true) {
            identities.add(InodeAttributes.of(paths.locate(at)).identity());
            if (at.isRoot()) {
                return identities;
            }
            at = at.parent();
        }
    }

    /** What {@code e} at {@code path} means: absent only when the root is there to say so. */
    private MusicFsException failure(RealPath path, IOException e) {
        // A path through a file is an absent one; the check of the root follows.
        boolean absent = MusicFsException.kindOf(e) == FailureKind.NOT_FOUND || Errno.ENOTDIR.isOf(e);
        if (!absent) {
            return MusicFsException.wrap("Origin " + id + " cannot read " + (path.isRoot() ? "its root" : path), e);
        }
        if (path.isRoot() || !Files.isDirectory(paths.root(), new LinkOption[0])) {
            return new MusicFsException(
                    FailureKind.UNAVAILABLE, "Origin " + id + " is gone: " + paths.root() + " is not there.", e);
        }
        return new MusicFsException(FailureKind.NOT_FOUND, "Not on origin " + id + ": " + path, e);
    }
}
