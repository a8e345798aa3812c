package dev.musicfs.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * A Unix datagram socket to the service manager, which the JDK does not have. The only class that names the library's,
 * so that those are not loaded where nobody listens.
 */
final class NotifySocket implements NotificationSender {
    private final AFUNIXSocketAddress address;
    private final AFUNIXDatagramChannel channel;

    private NotifySocket(AFUNIXSocketAddress address, AFUNIXDatagramChannel channel) {
        this.address = address;
        this.channel = channel;
    }

    /** To an absolute path, or to a name of the abstract namespace that begins with {@code @}. */
    static NotifySocket open(String name) throws IOException {
        AFUNIXSocketAddress address = name.startsWith("@")
                ? AFUNIXSocketAddress.inAbstractNamespace(name.substring(1))
                : AFUNIXSocketAddress.of(Path.of(name));
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        try {
            // Someone who does not read must not hold us up.
            channel.configureBlocking(false);
            return new NotifySocket(address, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void send(String message) throws IOException {
        if (channel.send(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), address) == 0) {
            throw new IOException("the service manager does not read its socket");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
