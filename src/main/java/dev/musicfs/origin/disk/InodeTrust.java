package dev.musicfs.origin.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On which file systems an inode number is the file's for good. Others (FAT, FUSE, CIFS, 9p) make numbers up when they are
 * mounted or while they run. Asks once for each device. For any thread.
 */
final class InodeTrust {
    private static final Logger LOG = LoggerFactory.getLogger(InodeTrust.class);
    private static final Set<String> MADE_UP = Set.of("vfat", "msdos", "exfat", "cifs", "smb3", "smbfs", "9p");
    private static final int MOST_DEVICES = 256;

    private final Map<Long, Boolean> devices = new ConcurrentHashMap<>();

    /** Whether the file system of {@code path}, which is on {@code device}, keeps its numbers. */
    boolean keepsInodes(Path path, long device) {
        Boolean known = devices.get(device);
        if (known != null) {
            return known;
        }
        boolean kept = isKept(path);
        if (devices.size() < MOST_DEVICES) {
            devices.put(device, kept);
        }
        return kept;
    }

    static boolean isKeptBy(String type) {
        return !MADE_UP.contains(type) && !type.startsWith("fuse");
    }

    private static boolean isKept(Path path) {
        try {
            return isKeptBy(Files.getFileStore(path).type());
        } catch (IOException e) {
            LOG.debug("the file system of {} cannot be told", path, e);
            return false;
        }
    }
}
