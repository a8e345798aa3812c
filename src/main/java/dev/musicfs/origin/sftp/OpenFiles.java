package dev.musicfs.origin.sftp;

import dev.musicfs.model.FileVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that one connection has open on its server, kept a while since opening costs a round trip. For any thread.
 *
 * <p>A handle is closed only when nobody uses it: servers give its number to the next file that is opened.
 */
final class OpenFiles {
    /** How many are kept while nobody uses them. */
    static final int MOST = 64;

    private final Map<Key, OpenFile> kept = new LinkedHashMap<>(16, 0.75f, true);
    private int open;

    // A file that was replaced is another file, though some servers say of its old handle what the path is now.
    private record Key(String path, FileVersion version) {}

    /** One open file. Its fields are its owner's. */
    static final class OpenFile {
        private final Key key;
        private final byte[] handle;
        private int users = 1;
        private boolean isKept;
        private long lastUsedNanos;

        private OpenFile(Key key, byte[] handle) {
            this.key = key;
            this.handle = handle;
        }

        byte[] handle() {
            return handle;
        }
    }

    /** The file at {@code path} that was opened as this version, to be given back; null when there is none. */
    synchronized @Nullable OpenFile take(String path, FileVersion version) {
        OpenFile file = kept.get(new Key(path, version));
        if (file != null) {
            file.users++;
        }
        return file;
    }

    /** A file just opened, to be given back; kept unless another thread was faster. */
    synchronized OpenFile add(String path, FileVersion version, byte[] handle) {
        OpenFile file = new OpenFile(new Key(path, version), handle);
        open++;
        file.isKept = kept.putIfAbsent(file.key, file) == null;
        return file;
    }

    /** Not to be taken again. */
    synchronized void forget(OpenFile file) {
        file.isKept = false;
        kept.remove(file.key, file);
    }

    /** The caller is done with it. @return the handles to be closed now */
    synchronized List<byte[]> giveBack(OpenFile file, long nowNanos) {
        file.users--;
        file.lastUsedNanos = nowNanos;
        List<byte[]> closing = new ArrayList<>();
        if (file.users == 0 && !file.isKept) {
            closing.add(file.handle);
        }
        while (kept.size() > MOST) {
            Optional<OpenFile> oldest =
                    kept.values().stream().filter(other -> other.users == 0).findFirst();
            if (oldest.isEmpty()) {
                break;
            }
            forget(oldest.get());
            closing.add(oldest.get().handle);
        }
        open -= closing.size();
        return closing;
    }

    /** Forgets those that nobody has used since then. @return the handles to be closed now */
    synchronized List<byte[]> forgetUnusedSince(long nanos) {
        List<OpenFile> idle = kept.values().stream()
                .filter(file -> file.users == 0 && file.lastUsedNanos - nanos < 0)
                .toList();
        idle.forEach(this::forget);
        open -= idle.size();
        return idle.stream().map(OpenFile::handle).toList();
    }

    /** How many are open on the server. */
    synchronized int count() {
        return open;
    }
}
