package dev.musicfs.origin.sftp;

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

    private final Map<String, OpenFile> byPath = new LinkedHashMap<>(16, 0.75f, true);
    private int open;

    /** One open file. Its fields are its owner's. */
    static final class OpenFile {
        private final String path;
        private final byte[] handle;
        private int users = 1;
        private boolean kept = true;
        private long lastUsedNanos;

        private OpenFile(String path, byte[] handle) {
            this.path = path;
            this.handle = handle;
        }

        byte[] handle() {
            return handle;
        }
    }

    /** The open file at {@code path}, to be given back; null when there is none. */
    synchronized @Nullable OpenFile take(String path) {
        OpenFile file = byPath.get(path);
        if (file != null) {
            file.users++;
        }
        return file;
    }

    /** A file just opened, to be given back; kept unless another thread was faster. */
    synchronized OpenFile add(String path, byte[] handle) {
        OpenFile file = new OpenFile(path, handle);
        open++;
        file.kept = byPath.putIfAbsent(path, file) == null;
        return file;
    }

    /** Not to be taken again. */
    synchronized void forget(OpenFile file) {
        file.kept = false;
        byPath.remove(file.path, file);
    }

    /** The caller is done with it. @return the handles to be closed now */
    synchronized List<byte[]> giveBack(OpenFile file, long nowNanos) {
        file.users--;
        file.lastUsedNanos = nowNanos;
        List<byte[]> closing = new ArrayList<>();
        if (file.users == 0 && !file.kept) {
            closing.add(file.handle);
        }
        while (byPath.size() > MOST) {
            Optional<OpenFile> oldest =
                    byPath.values().stream().filter(kept -> kept.users == 0).findFirst();
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
        List<OpenFile> idle = byPath.values().stream()
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
