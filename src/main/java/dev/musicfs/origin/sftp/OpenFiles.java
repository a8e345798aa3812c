package dev.musicfs.origin.sftp;

import dev.musicfs.model.FileVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that one connection has open on its server, kept a while since opening costs a round trip. For any thread.
 *
 * <p>A handle is closed only when nobody uses it: servers give its number to the next file that is opened. Some let only
 * few be open, or a single one; how many is learnt from their refusals.
 */
final class OpenFiles {
    /** How many are kept while nobody uses them. */
    static final int MOST = 64;

    private final Map<Key, OpenFile> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<Handoff<Boolean>> waiting = new ArrayDeque<>();
    private int most = MOST;
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
        closing.addAll(closeIdle(waiting.isEmpty() ? most : 0));
        open -= closing.size();
        return closing;
    }

    /** Forgets those that nobody uses, the longest unused first, until no more than {@code most} are kept. */
    private List<byte[]> closeIdle(int most) {
        List<byte[]> closing = new ArrayList<>();
        while (kept.size() > most) {
            Optional<OpenFile> oldest =
                    kept.values().stream().filter(other -> other.users == 0).findFirst();
            if (oldest.isEmpty()) {
                break;
            }
            forget(oldest.get());
            closing.add(oldest.get().handle);
        }
        return closing;
    }

    /** Before another is opened: those that are to be closed first, as the server lets only so many be open. */
    synchronized List<byte[]> makeRoom() {
        List<byte[]> closing = most == MOST ? List.of() : closeIdle(most - 1);
        open -= closing.size();
        return closing;
    }

    /** The server refused to open another while so many were open; whether that was the reason is not known yet. */
    synchronized Refused refused() {
        int were = open;
        List<byte[]> closing = closeIdle(0);
        open -= closing.size();
        if (!closing.isEmpty() || were == 0) {
            return new Refused(were, closing, null);
        }
        Handoff<Boolean> turn = new Handoff<>("a file to be closed");
        waiting.add(turn);
        return new Refused(were, closing, turn);
    }

    /**
     * What can be done about a refusal.
     *
     * @param were how many were open; with 0 the refusal was about the file itself
     * @param closing the handles of unused ones, to be closed now
     * @param turn when all are in use: completed when one of them is closed; null otherwise
     */
    record Refused(int were, List<byte[]> closing, @Nullable Handoff<Boolean> turn) {}

    /** The server let another be opened once fewer than {@code were} were open. */
    synchronized void learn(int were) {
        most = Math.max(1, Math.min(most, were));
    }

    /** Handles that were given back have been closed: those that wait for it go on. */
    void closed() {
        List<Handoff<Boolean>> going;
        synchronized (this) {
            going = List.copyOf(waiting);
            waiting.clear();
        }
        going.forEach(turn -> turn.complete(true));
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
