package dev.musicfs.origin.sftp;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.ListingLimits;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.sftp.Connections.Lane;
import dev.musicfs.runtime.Deadline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** The server's files on the calling thread: what {@link SftpOrigin} does on its workers. Throws only {@link MusicFsException}. */
final class RemoteFiles {
    /** Reads of no more than this go before larger ones: the first chunks of a file and everything a tag scan reads. */
    static final int SMALL_BYTES = 256 << 10;

    private final OriginId id;
    private final SftpUrl url;
    private final Connections connections;
    private final ListingLimits limits;

    RemoteFiles(OriginId id, SftpUrl url, Connections connections, ListingLimits limits) {
        this.limits = limits;
        this.id = id;
        this.url = url;
        this.connections = connections;
    }

    /** As {@link dev.musicfs.origin.Origin#probe}. */
    void probeBlocking(Deadline deadline) {
        Optional<OriginEntry> root =
                callBlocking(RealPath.ROOT, Lane.INTERACTIVE, deadline, connection -> new Look(connection, deadline)
                        .atBlocking(RealPath.ROOT, url.root()));
        if (!root.map(OriginEntry::directory).orElse(false)) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    "Origin " + id + " is not a directory: " + printable(url.root()) + " of " + url);
        }
    }

    /** As {@link dev.musicfs.origin.Origin#list}. A link back to a directory above itself is left out. */
    List<OriginEntry> listBlocking(RealPath directory, Duration timeout) {
        MusicFsException tooDeep = limits.tooDeep("Origin " + id, directory);
        if (tooDeep != null) {
            throw tooDeep;
        }
        return callBlocking(directory, Lane.INTERACTIVE, Deadline.in(timeout), connection -> new Listing(
                        connection, this::locate, timeout, this::refused, limits, "Origin " + id)
                .readBlocking(directory));
    }

    /** As {@link dev.musicfs.origin.Origin#stat}. */
    OriginEntry statBlocking(RealPath path, Deadline deadline) {
        Optional<OriginEntry> found =
                callBlocking(path, Lane.INTERACTIVE, deadline, connection -> new Look(connection, deadline)
                        .atBlocking(path, locate(path)));
        return found.orElseThrow(() -> new MusicFsException(
                FailureKind.NOT_FOUND, "Neither file nor directory on origin " + id + ": " + path));
    }

    /** As {@link dev.musicfs.origin.Origin#read}. */
    byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        ByteRange wanted = range.within(expected.sizeBytes());
        if (wanted.length() > Integer.MAX_VALUE - 8) {
            throw new MusicFsException(FailureKind.INVALID, "More than 2 GiB asked for in one read of " + path);
        }
        byte[] bytes = new byte[(int) wanted.length()];
        int unused = readBlocking(path, expected, wanted, deadline, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** The same into {@code into}, which has room for all of the range and whose position stays; how many bytes. */
    int readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline, ByteBuffer into) {
        ByteRange wanted = range.within(expected.sizeBytes());
        Lane lane = wanted.length() <= SMALL_BYTES ? Lane.INTERACTIVE : Lane.BULK;
        return callBlocking(path, lane, deadline, connection -> {
            new FileRead(connection, id, path, locate(path), expected, deadline).readBlocking(wanted, into);
            return (int) wanted.length();
        });
    }

    private String locate(RealPath path) {
        if (path.isRoot()) {
            return url.root();
        }
        String below = new String(path.toBytes(), StandardCharsets.ISO_8859_1);
        return url.root().equals("/") ? "/" + below : url.root() + "/" + below;
    }

    private <T> T callBlocking(RealPath path, Lane lane, Deadline deadline, Connections.Call<T> call) {
        try {
            return connections.callBlocking(lane, deadline, call);
        } catch (SftpException e) {
            throw failure(path, e, deadline);
        } catch (MusicFsException e) {
            throw named(e);
        }
    }

    private MusicFsException named(MusicFsException e) {
        return String.valueOf(e.getMessage()).contains("rigin " + id)
                ? e
                : new MusicFsException(e.kind(), "Origin " + id + " at " + url + ": " + e.getMessage(), e);
    }

    /** What the server's refusal means: absent only when the root is there to say so. */
    private MusicFsException failure(RealPath path, SftpException e, Deadline deadline) {
        if (Answers.meansAbsent(e)) {
            return absent(path, e, deadline);
        }
        return refused(Answers.failure(e), path, e);
    }

    /** What the refusal of one entry of a directory that could be listed means. */
    private MusicFsException refused(RealPath path, SftpException e) {
        if (Answers.meansAbsent(e)) {
            return new MusicFsException(
                    FailureKind.NOT_FOUND,
                    "Origin " + id + " cannot look at " + path + ": the link leads nowhere or in a circle",
                    e);
        }
        return refused(Answers.failure(e), path, e);
    }

    private MusicFsException refused(FailureKind kind, RealPath path, SftpException e) {
        String what = kind == FailureKind.REJECTED
                ? "permission denied"
                : "the server says \"" + e.getMessage() + "\" ("
                        + SftpConstants.getStatusName(e.getStatus()).toLowerCase(Locale.ROOT) + ")";
        return new MusicFsException(
                kind, "Origin " + id + " cannot read " + (path.isRoot() ? "its root" : path) + ": " + what, e);
    }

    private MusicFsException absent(RealPath path, SftpException e, Deadline deadline) {
        boolean rootThere = false;
        try {
            rootThere = !path.isRoot()
                    && connections
                            .callBlocking(Lane.INTERACTIVE, deadline, connection -> new Look(connection, deadline)
                                    .atBlocking(RealPath.ROOT, url.root()))
                            .filter(OriginEntry::directory)
                            .isPresent();
        } catch (SftpException gone) {
            e.addSuppressed(gone);
        } catch (MusicFsException unknown) {
            throw named(unknown);
        }
        return rootThere
                ? new MusicFsException(FailureKind.NOT_FOUND, "Not on origin " + id + ": " + path, e)
                : new MusicFsException(
                        FailureKind.UNAVAILABLE,
                        "Origin " + id + " is gone: " + printable(url.root()) + " is not there on " + url + ".",
                        e);
    }

    private static String printable(String root) {
        return RealPath.decode(root.getBytes(StandardCharsets.ISO_8859_1));
    }
}
