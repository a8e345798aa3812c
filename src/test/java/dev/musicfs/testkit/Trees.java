package dev.musicfs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a directory, all the way down. */
public final class Trees {
    private static final int PIECE_BYTES = 128 * 1024;

    private Trees() {}

    /** Its regular files in order. */
    public static List<Path> files(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The SHA-256 of every regular file, by its path below {@code root}. */
    public static SortedMap<String, String> hashes(Path root) {
        SortedMap<String, String> hashes = new TreeMap<>();
        files(root).forEach(file -> hashes.put(root.relativize(file).toString(), sha256(file)));
        return hashes;
    }

    /** The SHA-256 of a file in hexadecimal digits, read from its start to its end. */
    public static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(digest -> {
                byte[] piece = new byte[PIECE_BYTES];
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    digest.update(piece, 0, n);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What gives bytes to a digest. */
    interface Bytes {
        void goInto(MessageDigest digest) throws IOException;
    }

    /** The SHA-256 of what is given, in hexadecimal digits. */
    static String sha256(Bytes bytes) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            bytes.goInto(digest);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
