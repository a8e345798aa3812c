package dev.musicfs.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** What makes many starts of the jar quick: the first orderly end leaves an archive of its classes for the others. */
public record ClassArchive(Path file) {
    /** For {@code JDK_JAVA_OPTIONS}; until there is an archive the daemon started with them makes it when it ends. */
    public String options() {
        return "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
                + (Files.exists(file) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + file;
    }
}
