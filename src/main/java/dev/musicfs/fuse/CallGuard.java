package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Around every callback: nothing thrown gets into libfuse, each defect is logged once. */
final class CallGuard {
    private static final Logger log = LoggerFactory.getLogger(CallGuard.class);
    private static final int REMEMBERED_DEFECTS = 1000;

    private final Set<String> defects = ConcurrentHashMap.newKeySet();

    /** What the call answers, or the negated error number of what it throws. */
    int run(Call call) {
        try {
            return call.run();
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.INTERNAL) {
                logOnce(e);
            }
            return -Errno.of(e.kind());
        } catch (Throwable e) { // whatever it is, libfuse's C frames must not be unwound
            logOnce(e);
            return -Errno.EIO;
        }
    }

    private void logOnce(Throwable defect) {
        try {
            StackTraceElement[] stack = defect.getStackTrace();
            String where = defect.getClass().getName() + (stack.length == 0 ? "" : stack[0].toString());
            if (defects.size() < REMEMBERED_DEFECTS && defects.add(where)) {
                log.error("A FUSE operation failed; this is a defect in MusicFS and is reported once.", defect);
            }
        } catch (Throwable e) { // out of memory, most likely: the answer to the kernel matters more
            return;
        }
    }

    /** A callback's body. */
    @FunctionalInterface
    interface Call {
        /** 0 or more, or a negated error number. */
        int run();
    }
}
