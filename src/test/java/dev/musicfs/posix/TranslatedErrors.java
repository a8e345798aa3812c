package dev.musicfs.posix;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Run in a JVM of its own: what errors of the real system look like there, and what is made of them. */
final class TranslatedErrors {
    private TranslatedErrors() {}

    private interface Work {
        void run() throws IOException;
    }

    /** Prints a line {@code NAME|ERRNO|KIND|TEXT} for each error; takes a full disk and one that is read-only. */
    public static void main(String[] args) throws IOException {
        Path full = Path.of(args[0]);
        Path readOnly = Path.of(args[1]);
        Errno.translatedBy(Strerror::of);
        Path dir = Files.createTempDirectory("translated");
        Path file = Files.createFile(dir.resolve("file"));
        Files.createDirectories(dir.resolve("directory/full"));
        Files.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));

        print("full", () -> Files.writeString(full.resolve("file"), "x".repeat(1 << 20)));
        print("readOnly", () -> Files.createFile(readOnly.resolve("file")));
        print("broken", () -> {
            try (FileChannel memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
                memory.read(ByteBuffer.allocate(1), 0);
            }
        });
        print("belowFile", () -> Files.size(file.resolve("x")));
        print("loop", () -> Files.size(dir.resolve("loop")));
        print("ontoDirectory", () -> Files.move(file, dir.resolve("directory"), StandardCopyOption.ATOMIC_MOVE));
        print("missing", () -> Files.size(dir.resolve("none")));
        print("descriptors", () -> exhaust(file, new ArrayList<>()));
        for (Errno each : Errno.values()) {
            print(each.name(), () -> {
                throw new FileSystemException("file", null, Strerror.of(each.number()));
            });
        }
    }

    private static void exhaust(Path file, List<FileChannel> open) throws IOException {
        try {
            while (true) {
                open.add(FileChannel.open(file));
            }
        } finally {
            for (FileChannel channel : open) {
                channel.close();
            }
        }
    }

    private static void print(String name, Work work) {
        try {
            work.run();
            System.out.println(name + "|none|none|");
        } catch (IOException e) {
            String text = e instanceof FileSystemException fse ? fse.getReason() : e.getMessage();
            System.out.println(name + "|" + Errno.of(e).map(Enum::name).orElse("unknown") + "|"
                    + MusicFsException.kindOf(e) + "|" + text);
        }
    }
}
