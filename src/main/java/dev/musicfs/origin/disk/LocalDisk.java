package dev.musicfs.origin.disk;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeKey;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.posix.BirthTime;
import dev.musicfs.posix.OpenBeneath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What the kernel of this machine says below a directory, on the calling thread. Throws only {@link MusicFsException}. */
public final class LocalDisk {
    private final OriginId id;
    private final LocalPaths paths;
    private final InodeTrust trust = new InodeTrust();
    private final Links links;

    /** One whose links may lead to what lies below its root alone. */
    public LocalDisk(OriginId id, LocalPaths paths) {
        this(id, paths, List.of());
    }

    /**
     * {@code id} is for failures; nothing is looked at yet.
     *
     * @param linkTargets directories to which links may lead besides, absolute
     */
    public LocalDisk(OriginId id, LocalPaths paths, List<Path> linkTargets) {
        this.id = id;
        this.paths = paths;
        this.links = new Links(paths, linkTargets);
    }

    /** Its files as they are opened by others, no link followed that leads elsewhere. */
    public DirectFiles files() {
        return new DirectFiles() {
            @Override
            public Path locate(RealPath path) {
                return paths.locate(path);
            }

            @Override
            public FileChannel openBlocking(RealPath path) throws IOException {
                try (OpenBeneath opened = links.openBlocking(path)) {
                    return opened.channel();
                }
            }

            @Override
            public <T> T readBlocking(RealPath path, Function<Path, T> reader) throws IOException {
                try (OpenBeneath opened = links.openBlocking(path)) {
                    return reader.apply(opened.path());
                }
            }
        };
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
        requireReached(directory);
        try (DirectoryStream<Path> names = Files.newDirectoryStream(paths.locate(directory))) {
            for (Path child : names) {
                progress.run();
                RealPath path = directory.resolve(paths.nameOf(child));
                InodeAttributes found;
                try {
                    found = InodeAttributes.of(child, LinkOption.NOFOLLOW_LINKS);
                    if (found.link()) {
                        found = InodeAttributes.of(child);
                        Links.Verdict verdict = links.judge(child, found.directory());
                        if (verdict == Links.Verdict.OUTSIDE) {
                            entries.add(OriginEntry.unknown(path, leadsOut(path)));
                        }
                        if (verdict != Links.Verdict.FOLLOWED) {
                            continue;
                        }
                    } else if (found.directory() && Links.isOfTheKernel(child) && !Links.isOfTheKernel(paths.root())) {
                        continue;
                    }
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
                entries.add(entry(path, child, found));
            }
        } catch (DirectoryIteratorException e) {
            throw failure(directory, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw failure(directory, e);
        }
        entries.sort((a, b) -> a.path().compareTo(b.path()));
        return entries;
    }

    private OriginEntry entry(RealPath path, Path file, InodeAttributes found) {
        boolean keepsInode = trust.keepsInodes(file, found.identity().device());
        long inode = found.identity().inode();
        long key = keepsInode && found.regularFile()
                ? InodeKey.of(inode, BirthTime.ofBlocking(paths.bytesOf(path), inode))
                : 0;
        return found.entry(path, keepsInode, key);
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
            if (Files.isSymbolicLink(file) && links.judge(file, found.directory()) == Links.Verdict.OUTSIDE) {
                throw leadsOut(path);
            }
            if (!(found.directory() || found.regularFile())) {
                throw new MusicFsException(
                        FailureKind.NOT_FOUND, "Neither file nor directory on origin " + id + ": " + path);
            }
            return entry(path, file, found);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /**
     * As {@link dev.musicfs.origin.Origin#read}. The version is compared before and after, both times that of the very file
     * that is read.
     */
    public byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range) {
        ByteRange wanted = range.within(expected.sizeBytes());
        if (wanted.length() > Integer.MAX_VALUE - 8) {
            throw new MusicFsException(FailureKind.INVALID, "More than 2 GiB asked for in one read of " + path);
        }
        byte[] bytes = new byte[(int) wanted.length()];
        int unused = readBlocking(path, expected, wanted, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** The same into {@code into}, which has room for all of the range and whose position stays; how many bytes. */
    public int readBlocking(RealPath path, FileVersion expected, ByteRange range, ByteBuffer into) {
        ByteRange wanted = range.within(expected.sizeBytes());
        ByteBuffer room = into.slice(into.position(), (int) wanted.length());
        try (OpenBeneath opened = links.openBlocking(path);
                FileChannel file = opened.channel()) {
            checkVersion(path, opened, expected);
            while (room.hasRemaining()) {
                if (file.read(room, wanted.offset() + room.position()) < 0) {
                    throw stale(path);
                }
            }
            checkVersion(path, opened, expected);
        } catch (IOException e) {
            if (Files.isDirectory(paths.locate(path))) {
                throw new MusicFsException(FailureKind.INVALID, "A directory cannot be read: " + path, e);
            }
            throw e instanceof OpenBeneath.OutsideException ? leadsOut(path) : failure(path, e);
        }
        return room.capacity();
    }

    private void checkVersion(RealPath path, OpenBeneath opened, FileVersion expected) throws IOException {
        InodeAttributes now = InodeAttributes.of(opened.path());
        boolean keepsInodes = trust.keepsInodes(opened.path(), now.identity().device());
        if (!now.version(keepsInodes).equals(expected)) {
            throw stale(path);
        }
    }

    private void requireReached(RealPath directory) {
        try {
            if (!links.reaches(paths.locate(directory))) {
                throw leadsOut(directory);
            }
        } catch (IOException e) {
            throw failure(directory, e);
        }
    }

    private MusicFsException leadsOut(RealPath path) {
        return new MusicFsException(
                FailureKind.REJECTED,
                "Origin " + id + " does not follow " + path + ": the link leads out of " + paths.root()
                        + "; name the directory it leads to in link_targets to have it");
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
