package dev.musicfs.library;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of {@value #RECORDS} fixed records that says which files are being parsed and over which of them the program has
 * ended. Written through to the kernel without a force: a note outlives the process, and a machine that lost its power did
 * not do so over a file. Where the file cannot be kept, or another process has it, there are no notes. For any thread.
 */
final class NoteFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NoteFile.class);

    /** More files than are parsed at a time. */
    static final int SLOTS = 256;

    /** Files over which the program has ended; of more the first are forgotten. */
    static final int MOST_ENDS = 1_024;

    static final int RECORDS = SLOTS + MOST_ENDS;
    private static final int KEY_BYTES = 32;
    private static final int RECORD_BYTES = 4 + KEY_BYTES;

    private final Path path;
    private final Map<Key, Integer> endRecords = new HashMap<>();
    private final Map<Key, Integer> ends = new HashMap<>();
    private final BitSet taken = new BitSet(SLOTS);
    private @Nullable FileChannel channel;
    private int nextEnd;
    private boolean opened;

    /** What names one version of one file: a hash over its origin, its path and its version. */
    record Key(ByteBuffer hash) {}

    /** Nothing is touched until the first question. */
    NoteFile(Path path) {
        this.path = path;
    }

    static Key keyOf(OriginId origin, RealPath path, FileVersion version) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {
                origin.value(), path.value(), version.sizeBytes() + " " + version.mtimeNanos() + " " + version.tag()
            }) {
                digest.update(part.getBytes(StandardCharsets.UTF_16BE));
                digest.update(new byte[2]);
            }
            return new Key(ByteBuffer.wrap(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JVM without SHA-256", e);
        }
    }

    /** How often the program has ended while this was parsed, as far as that is remembered. */
    synchronized int endsBlocking(Key key) {
        openBlocking();
        return ends.getOrDefault(key, 0);
    }

    /** Notes that this is being parsed; what comes back is to be given to {@link #doneBlocking}. */
    synchronized int noteBlocking(Key key) {
        openBlocking();
        int slot = taken.nextClearBit(0);
        if (channel == null || slot >= SLOTS) {
            return -1;
        }
        taken.set(slot);
        writeBlocking(slot, 1, key);
        return slot;
    }

    synchronized void doneBlocking(int slot) {
        if (slot >= 0) {
            taken.clear(slot);
            writeBlocking(slot, 0, null);
        }
    }

    /** The program has parsed it and has not ended. */
    synchronized void forgetBlocking(Key key) {
        Integer record = endRecords.remove(key);
        ends.remove(key);
        if (record != null) {
            writeBlocking(record, 0, null);
        }
    }

    @Override
    public synchronized void close() {
        FileChannel open = channel;
        channel = null;
        opened = true;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("cannot close {}", path, e);
            }
        }
    }

    private void openBlocking() {
        if (opened) {
            return;
        }
        opened = true;
        FileChannel open = null;
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            open = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            FileLock lock = open.tryLock();
            if (lock == null) {
                // Another process is at work here: a dry run beside the daemon.
                open.close();
                return;
            }
            channel = open;
            takeOverBlocking(open);
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("no notes of what is parsed in {}: {}", path, e.toString());
            channel = null;
            closeQuietly(open);
        }
    }

    private static void closeQuietly(@Nullable FileChannel open) {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.debug("cannot close the notes", e);
        }
    }

    /** What was being parsed when the last process ended counts as one end more. */
    private void takeOverBlocking(FileChannel open) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(RECORDS * RECORD_BYTES);
        while (all.hasRemaining() && open.read(all, all.position()) >= 0) {
            // Until it is full or the file ends; of a new file all is zero.
        }
        if (open.size() < all.capacity()) {
            ByteBuffer rest = ByteBuffer.allocate((int) (all.capacity() - open.size()));
            open.write(rest, open.size());
        }
        all.clear();
        for (int record = SLOTS; record < RECORDS; record++) {
            int count = all.getInt(record * RECORD_BYTES);
            if (count > 0) {
                remember(keyIn(all, record), count, record);
            }
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            if (all.getInt(slot * RECORD_BYTES) > 0) {
                Key key = keyIn(all, slot);
                writeBlocking(slot, 0, null);
                remember(key, ends.getOrDefault(key, 0) + 1, endRecords.getOrDefault(key, freeEnd()));
                writeBlocking(endRecords.getOrDefault(key, SLOTS), ends.getOrDefault(key, 1), key);
            }
        }
    }

    private void remember(Key key, int count, int record) {
        endRecords.entrySet().removeIf(each -> {
            boolean replaced = each.getValue() == record && !each.getKey().equals(key);
            if (replaced) {
                ends.remove(each.getKey());
            }
            return replaced;
        });
        endRecords.put(key, record);
        ends.put(key, count);
    }

    private int freeEnd() {
        for (int i = 0; i < MOST_ENDS; i++) {
            int record = SLOTS + (nextEnd + i) % MOST_ENDS;
            if (!endRecords.containsValue(record)) {
                return record;
            }
        }
        nextEnd = (nextEnd + 1) % MOST_ENDS;
        return SLOTS + nextEnd;
    }

    private static Key keyIn(ByteBuffer all, int record) {
        byte[] hash = new byte[KEY_BYTES];
        all.get(record * RECORD_BYTES + 4, hash);
        return new Key(ByteBuffer.wrap(hash));
    }

    private void writeBlocking(int record, int count, @Nullable Key key) {
        if (channel == null) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES).putInt(count);
        if (key != null) {
            bytes.put(key.hash().duplicate());
        }
        try {
            channel.write(bytes.clear(), (long) record * RECORD_BYTES);
        } catch (IOException e) {
            // A full or dying disk: parsing goes on without notes.
            LOG.debug("cannot note what is parsed in {}: {}", path, e.toString());
        }
    }
}
