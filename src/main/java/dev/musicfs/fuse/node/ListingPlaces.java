package dev.musicfs.fuse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader of a directory is: a cookie stands for the entry that it has read last, and leads to the name after which it
 * goes on, also when that entry has been removed or renamed meanwhile. For any thread.
 */
public final class ListingPlaces {
    /** After `.`. */
    public static final long DOT = 1;
    /** After `..`. */
    public static final long DOT_DOT = 2;

    private static final int REMEMBERED = 65_536;
    private static final long NUMBERED = 1L << 62;

    /** What entries were called when they left a directory the first time. */
    private final Cache<Place, String> left = cache();
    /** Cookies of entries that came back to a directory which they had left. */
    private final Cache<Long, String> numbered = cache();
    /** The last entries of replies, in case that one goes without being announced. */
    private final Cache<Place, String> lasts = cache();

    private final AtomicLong numbers = new AtomicLong();

    private record Place(NodeId directory, NodeId entry) {}

    private static <K> Cache<K, String> cache() {
        return Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumSize(REMEMBERED)
                .build();
    }

    /** The cookie of an entry of a directory. */
    public long cookie(NodeRow entry) {
        if (left.getIfPresent(new Place(entry.parent(), entry.id())) == null) {
            return entry.id().value() + DOT_DOT;
        }
        long cookie = NUMBERED | numbers.incrementAndGet();
        numbered.put(cookie, entry.name());
        return cookie;
    }

    /** A reply ends with this entry. */
    public void ended(NodeRow last) {
        lasts.put(new Place(last.parent(), last.id()), last.name());
    }

    /** An entry is about to be removed from its place or renamed. */
    public void leaving(NodeRow entry) {
        // The cookie without a number stands for the first place alone.
        left.asMap().putIfAbsent(new Place(entry.parent(), entry.id()), entry.name());
    }

    /**
     * The name after which a reader goes on, "" at the beginning; {@code STALE} when that is not known any more.
     *
     * @param nodes finds a node of the tree
     */
    public String nameAt(NodeId directory, long cookie, Function<NodeId, Optional<NodeRow>> nodes) {
        if (cookie >= 0 && cookie <= DOT_DOT) {
            return "";
        }
        if (cookie < 0) {
            throw new MusicFsException(FailureKind.INVALID, "There is no place " + cookie + " in any directory.");
        }
        String name = cookie >= NUMBERED
                ? numbered.getIfPresent(cookie)
                : nameOf(new Place(directory, new NodeId(cookie - DOT_DOT)), nodes);
        if (name == null) {
            throw new MusicFsException(
                    FailureKind.STALE, "The place " + cookie + " in directory " + directory.value() + " is not known.");
        }
        return name;
    }

    private @Nullable String nameOf(Place place, Function<NodeId, Optional<NodeRow>> nodes) {
        String before = left.getIfPresent(place);
        if (before != null) {
            return before;
        }
        return nodes.apply(place.entry())
                .filter(row -> row.parent().equals(place.directory()))
                .map(NodeRow::name)
                .orElseGet(() -> lasts.getIfPresent(place));
    }
}
