package dev.musicfs.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A name of a directory that is short enough for the addresses of sockets in it. sockaddr_un(7) holds 108 bytes, which a
 * deep cache directory exceeds; the kernel resolves symbolic links in an address, so that one in a private temporary
 * directory serves as well. Only the name is short: the socket lies in the directory itself, where everybody looks for
 * it. To be closed once the socket is bound or connected.
 */
public final class SocketDirectory implements AutoCloseable {
    /** The JDK's bound is a little below the kernel's. */
    private static final int MAX_ADDRESS = 100;

    private static final int LONGEST_NAME = "/control.sock".length();
    private static final int MAX_ASCII = 0x7e;

    private final Path name;
    private final boolean link;

    private SocketDirectory(Path name, boolean link) {
        this.name = name;
        this.link = link;
    }

    /** The directory itself where its name will do, else a link to it. */
    public static SocketDirectory of(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        // Other letters take an unknown number of bytes, and in some locales cannot be expressed by Vert.x's strings.
        boolean plain = absolute.toString().chars().allMatch(c -> c <= MAX_ASCII);
        if (plain && absolute.toString().length() + LONGEST_NAME <= MAX_ADDRESS) {
            return new SocketDirectory(absolute, false);
        }
        Path parent = Files.createTempDirectory("musicfs");
        try {
            return new SocketDirectory(Files.createSymbolicLink(parent.resolve("d"), absolute), true);
        } catch (IOException e) {
            Files.delete(parent);
            throw e;
        }
    }

    /** The directory by a name that fits. */
    public Path path() {
        return name;
    }

    @Override
    public void close() throws IOException {
        if (link) {
            Files.deleteIfExists(name);
            Path parent = name.getParent();
            if (parent != null) {
                Files.deleteIfExists(parent);
            }
        }
    }
}
