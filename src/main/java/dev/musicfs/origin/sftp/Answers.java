package dev.musicfs.origin.sftp;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** What a server's answers mean. */
final class Answers {
    private Answers() {}

    static OriginEntry entry(RealPath path, boolean directory, Attributes found) {
        return new OriginEntry(path, directory, version(found), 0);
    }

    /** What a path is. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        /** Such as a socket. */
        OTHER,
        /** The server does not say. */
        UNKNOWN
    }

    /** A file whose size is missing is unknown as well. */
    static Kind kind(Attributes found) {
        return switch (found.getPermissions() & SftpConstants.S_IFMT) {
            case 0 -> Kind.UNKNOWN;
            case SftpConstants.S_IFREG ->
                found.getFlags().contains(SftpClient.Attribute.Size) ? Kind.FILE : Kind.UNKNOWN;
            case SftpConstants.S_IFDIR -> Kind.DIRECTORY;
            case SftpConstants.S_IFLNK -> Kind.LINK;
            default -> Kind.OTHER;
        };
    }

    /** Whole seconds are all that version 3 of the protocol has. */
    static FileVersion version(Attributes found) {
        long mtime = found.getModifyTime() == null ? 0 : found.getModifyTime().to(TimeUnit.SECONDS);
        return new FileVersion(found.getSize(), TimeUnit.SECONDS.toNanos(mtime), "");
    }

    /** Whether the server does not know the request. */
    static boolean meansUnsupported(SftpException e) {
        return e.getStatus() == SftpConstants.SSH_FX_OP_UNSUPPORTED;
    }

    /** What kind of failure a refusal is that does not mean that something is absent. */
    static FailureKind failure(SftpException e) {
        return e.getStatus() == SftpConstants.SSH_FX_PERMISSION_DENIED ? FailureKind.REJECTED : FailureKind.UNAVAILABLE;
    }

    /** Whether the server says that there is nothing at the path: OpenSSH also when a name on it is no directory. */
    static boolean meansAbsent(SftpException e) {
        return switch (e.getStatus()) {
            case SftpConstants.SSH_FX_NO_SUCH_FILE,
                    SftpConstants.SSH_FX_NO_SUCH_PATH,
                    SftpConstants.SSH_FX_NOT_A_DIRECTORY,
                    SftpConstants.SSH_FX_LINK_LOOP -> true;
            default -> false;
        };
    }
}
