package dev.musicfs.origin.sftp;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** What a server's answers mean. */
final class Answers {
    private Answers() {}

    static OriginEntry entry(RealPath path, Attributes found) {
        return new OriginEntry(path, found.isDirectory(), version(found), 0);
    }

    /** Whole seconds are all that version 3 of the protocol has. */
    static FileVersion version(Attributes found) {
        long mtime = found.getModifyTime() == null ? 0 : found.getModifyTime().to(TimeUnit.SECONDS);
        return new FileVersion(found.getSize(), TimeUnit.SECONDS.toNanos(mtime), "");
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
