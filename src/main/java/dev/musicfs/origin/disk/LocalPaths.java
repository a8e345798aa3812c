package dev.musicfs.origin.disk;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Between the names of an origin and {@link Path}s of this machine, byte for byte in every locale.
 *
 * <p>{@code Path.toString} decodes with {@code sun.jnu.encoding} and puts U+FFFD for what it cannot; {@code Path.of}
 * refuses what that encoding cannot say (in a POSIX locale everything but ASCII). A {@code file:} URI carries the raw
 * bytes percent-encoded both ways, so doubtful names go through one. Nothing of the origin is touched.
 */
public final class LocalPaths implements DirectFiles {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final char REPLACEMENT = '\uFFFD';

    private final Path root;
    private final boolean utf8;
    private final byte[] rootBytes;

    /** Below {@code root}. */
    public LocalPaths(Path root) {
        this(root, "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", "")));
    }

    /** For tests: {@code utf8} false sends every name that is not ASCII through a URI. */
    public LocalPaths(Path root, boolean utf8) {
        this.root = root.toAbsolutePath();
        this.utf8 = utf8;
        this.rootBytes = bytesOf(this.root);
    }

    /** The directory all of it lies in, absolute. */
    public Path root() {
        return root;
    }

    @Override
    public Path locate(RealPath path) {
        if (path.isRoot()) {
            return root;
        }
        if (isPlain(path.value())) {
            return root.resolve(path.value());
        }
        StringBuilder uri = new StringBuilder("file:///");
        for (byte b : path.toBytes()) {
            if (b == '/') {
                uri.append('/');
            } else {
                uri.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
            }
        }
        Path absolute = Path.of(URI.create(uri.toString()));
        return root.resolve(absolute.subpath(0, absolute.getNameCount()));
    }

    /** The bytes by which the kernel knows the root. */
    byte[] rootBytes() {
        return rootBytes.clone();
    }

    /** The bytes by which the kernel knows a path, absolute or not. */
    byte[] bytesOf(Path path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Path name : path) {
            if (bytes.size() > 0 || path.isAbsolute()) {
                bytes.write('/');
            }
            bytes.writeBytes(RealPath.ROOT.resolve(nameOf(name)).toBytes());
        }
        if (bytes.size() == 0) {
            bytes.write('/');
        }
        return bytes.toByteArray();
    }

    /** The bytes by which the kernel knows a path of the origin. */
    byte[] bytesOf(RealPath path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(rootBytes);
        bytes.write('/');
        bytes.writeBytes(path.toBytes());
        return bytes.toByteArray();
    }

    /** The last name of {@code path} as {@link RealPath} keeps names. */
    public String nameOf(Path path) {
        Path name = path.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("a path without a name: " + path);
        }
        String text = name.toString();
        if (isPlain(text)) {
            return text;
        }
        // Against "/" instead of the origin's root: toUri() looks whether the path is a directory, and a dead origin
        // must not be asked that.
        String raw = Path.of("/").resolve(name).toUri().getRawPath();
        int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
        return RealPath.decode(percentDecode(raw.substring(1, end)));
    }

    private boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7E && (!utf8 || c == REPLACEMENT || Character.isSurrogate(c))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] percentDecode(String raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
        byte[] ascii = raw.getBytes(StandardCharsets.US_ASCII);
        int i = 0;
        while (i < ascii.length) {
            if (ascii[i] == '%') {
                out.write(Character.digit(ascii[i + 1], 16) << 4 | Character.digit(ascii[i + 2], 16));
                i += 3;
            } else {
                out.write(ascii[i]);
                i++;
            }
        }
        return out.toByteArray();
    }
}
