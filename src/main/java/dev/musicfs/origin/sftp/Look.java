package dev.musicfs.origin.sftp;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.common.SftpException;

/** A look at single paths. */
final class Look {
    private final Connection connection;
    private final SftpChannel channel;
    private final Deadline deadline;

    Look(Connection connection, Deadline deadline) {
        this.connection = connection;
        this.channel = connection.channel();
        this.deadline = deadline;
    }

    /** What is at the end of the path's links; empty when it is neither file nor directory. */
    Optional<OriginEntry> atBlocking(RealPath path, String remote) throws IOException, TimeoutException {
        return ofBlocking(path, remote, channel.attributes(channel.callBlocking(Requests.stat(remote), deadline)));
    }

    /** The same of attributes that are no link's. A server that says nothing of types is asked to open it as a directory. */
    Optional<OriginEntry> ofBlocking(RealPath path, String remote, Attributes found)
            throws IOException, TimeoutException {
        return switch (Answers.kind(found)) {
            case FILE -> Optional.of(Answers.entry(path, false, found));
            case DIRECTORY -> Optional.of(Answers.entry(path, true, found));
            case UNKNOWN -> {
                boolean directory = isDirectoryBlocking(remote);
                // Without a size either it may be nothing: some servers answer so for what is not there.
                yield directory || found.getFlags().contains(SftpClient.Attribute.Size)
                        ? Optional.of(Answers.entry(path, directory, found))
                        : Optional.empty();
            }
            case LINK, OTHER -> Optional.empty();
        };
    }

    private boolean isDirectoryBlocking(String remote) throws IOException, TimeoutException {
        try {
            byte[] handle = connection.openBlocking(() -> Requests.openDirectory(remote), deadline);
            channel.sendBlocking(List.of(Requests.close(handle)), deadline);
            return true;
        } catch (SftpException e) {
            return false;
        }
    }
}
