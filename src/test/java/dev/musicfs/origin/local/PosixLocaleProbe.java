package dev.musicfs.origin.local;

import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.disk.LocalDisk;
import dev.musicfs.origin.disk.LocalPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Run in a JVM of its own: creates names that are not ASCII and says whether they are listed as they were meant. */
final class PosixLocaleProbe {
    private PosixLocaleProbe() {}

    public static void main(String[] args) throws IOException {
        LocalPaths paths = new LocalPaths(Path.of(args[0]));
        Set<RealPath> made = Set.of(new RealPath("\u6771\u4eac"), RealPath.ofBytes(new byte[] {'B', 'j', (byte) 0xF6}));
        for (RealPath path : made) {
            Files.createFile(paths.locate(path));
        }
        Set<RealPath> listed = new HashSet<>();
        for (OriginEntry entry : new LocalDisk(new OriginId("probe"), paths).listBlocking(RealPath.ROOT)) {
            listed.add(entry.path());
        }
        System.out.println(System.getProperty("sun.jnu.encoding"));
        System.out.println(listed.equals(made) ? "same" : "different");
    }
}
