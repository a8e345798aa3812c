package dev.musicfs.library;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an origin has and nobody can look at: entries, directories and files, each with the reason. What is known of them is
 * kept, so that they cost nothing but themselves. Each is logged once, however many rounds meet it, and no more than
 * {@value #MOST_A_ROUND} in one round. At most {@value #MOST} are remembered. For any thread.
 */
final class UnknownEntries {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownEntries.class);
    static final int MOST = 1_000;
    static final int MOST_A_ROUND = 20;

    private final OriginId origin;
    private final NavigableMap<String, UnknownEntry> entries = new TreeMap<>();
    private final Cache<UnknownEntry, Boolean> logged =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    private int loggedThisRound;

    UnknownEntries(OriginId origin) {
        this.origin = origin;
    }

    /** A new round may log again, though nothing that was logged before. */
    synchronized void beginRound() {
        loggedThisRound = 0;
    }

    /** A directory was listed: what was unknown of it and of all that it no longer has is forgotten. */
    synchronized void listed(RealPath folder, List<OriginEntry> listing) {
        entries.remove(folder.value());
        if (!below(folder).isEmpty()) {
            Set<String> folders = new HashSet<>();
            listing.stream()
                    .filter(OriginEntry::directory)
                    .forEach(entry -> folders.add(entry.path().value()));
            below(folder).keySet().removeIf(path -> !folders.contains(childOf(folder, path)));
        }
        listing.forEach(entry -> entry.unknown().ifPresent(why -> add(entry.path(), why, true)));
    }

    /** A directory cannot be listed. */
    synchronized void unlistable(RealPath folder, Throwable why) {
        add(folder, why, true);
    }

    /** A file cannot be read; somebody else logs that. */
    synchronized void unreadable(RealPath file, Throwable why) {
        add(file, why, false);
    }

    /** All that is remembered, in the order of paths. */
    synchronized List<UnknownEntry> all() {
        return new ArrayList<>(entries.values());
    }

    /** Whether there is none. */
    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    private void add(RealPath path, Throwable why, boolean log) {
        UnknownEntry unknown = new UnknownEntry(path, reasonOf(why));
        if (entries.size() < MOST || entries.containsKey(path.value())) {
            entries.put(path.value(), unknown);
        }
        if (log && logged.asMap().putIfAbsent(unknown, true) == null) {
            loggedThisRound++;
            if (loggedThisRound <= MOST_A_ROUND) {
                LOG.warn(
                        "Origin {}: {} cannot be looked at ({}); what is known of it is kept: {}",
                        origin,
                        path,
                        unknown.reason(),
                        why.getMessage());
            } else if (loggedThisRound == MOST_A_ROUND + 1) {
                LOG.warn(
                        "Origin {}: further entries that cannot be looked at are named by musicfs status only", origin);
            }
        }
    }

    private NavigableMap<String, UnknownEntry> below(RealPath folder) {
        // '0' is the character after '/': the range is exactly what starts with "folder/".
        return folder.isRoot() ? entries : entries.subMap(folder.value() + "/", true, folder.value() + "0", false);
    }

    /** The one directly in {@code folder} that is {@code path} or above it. */
    private static String childOf(RealPath folder, String path) {
        int from = folder.isRoot() ? 0 : folder.value().length() + 1;
        int end = path.indexOf('/', from);
        return end < 0 ? path : path.substring(0, end);
    }

    private static String reasonOf(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            Optional<Errno> errno = Errno.of(at);
            if (errno.isPresent()) {
                return errno.get().name();
            }
        }
        return MusicFsException.kindOf(failure).name().toLowerCase(Locale.ROOT);
    }
}
