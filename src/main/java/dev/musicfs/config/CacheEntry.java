package dev.musicfs.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What lies in the cache directory. None of it is ever reached through a link. */
public enum CacheEntry {
    /** What {@code mount -d} prints. */
    LOG("musicfs.log"),
    /** The same, before. */
    LOG_BEFORE("musicfs.log.1"),
    /** Says who uses the directory. */
    LOCK("musicfs.lock"),
    /** Where commands find the daemon. */
    SOCKET("control.sock"),
    /** Where the socket is made; its name is shorter, so that what can be connected to can be bound. */
    SOCKET_MAKING(".ctl"),
    /** The database of what is known of the music. */
    CATALOG("catalog.db"),
    /** The chunks of files, and their index. */
    STORE("store"),
    /** What a scan notes for the next start. */
    SCAN("scan"),
    /** Room that is given up when the disk is full. */
    SPARE("spare");

    private final String name;

    CacheEntry(String name) {
        this.name = name;
    }

    /** Where it is. */
    public Path in(Path cacheDir) {
        return cacheDir.resolve(name);
    }

    /** The names of all. */
    public static List<String> names() {
        return Arrays.stream(values()).map(entry -> entry.name).toList();
    }
}
