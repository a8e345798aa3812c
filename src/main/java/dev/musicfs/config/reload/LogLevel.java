package dev.musicfs.config.reload;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** What is logged, changed while the program runs. For any thread. */
public final class LogLevel {
    private LogLevel() {}

    /** Has everything from this level on logged, of all that {@code logback.xml} says nothing else about. */
    public static void set(String level) {
        root().setLevel(Level.toLevel(level));
    }

    /** Whether more is logged under this level than is at present. */
    static boolean saysMore(String level) {
        return root().getEffectiveLevel().isGreaterOrEqual(Level.toLevel(level));
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
