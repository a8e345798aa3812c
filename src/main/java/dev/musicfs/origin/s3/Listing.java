package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.ListingLimits;
import dev.musicfs.origin.OriginEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The pages of one directory, put together. For one thread at a time. */
final class Listing {
    private static final int MOST_EMPTY_PAGES = 100;
    private static final FileVersion OF_DIRECTORY = new FileVersion(0, 0, "");

    private final ListingLimits limits;
    private final String about;
    private final RealPath directory;
    private final String prefix;
    private final Map<RealPath, OriginEntry> entries = new HashMap<>();
    private boolean marked;
    private int emptyPages;
    private int pages;
    private long chars;
    private int odd;
    private @Nullable String oneOdd;

    /** @param prefix what the key of everything in the directory begins with */
    Listing(String about, RealPath directory, String prefix, ListingLimits limits) {
        this.limits = limits;
        this.about = about;
        this.directory = directory;
        this.prefix = prefix;
    }

    /** Takes a page; throws {@code CORRUPT} if it cannot be one of this directory. */
    void add(ListingPage page) {
        int known = entries.size() + odd;
        for (ListingPage.Item item : page.items()) {
            chars += item.key().length();
            String name = name(item.key(), page.encoded());
            if (name == null) {
                continue;
            }
            if (name.isEmpty()) {
                marked = true;
            } else if (name.indexOf('/') >= 0) {
                throw corrupt("the server does not stop at slashes: " + item.key());
            } else {
                long nanos = TimeUnit.SECONDS.toNanos(item.modified().getEpochSecond());
                put(name, false, new FileVersion(item.sizeBytes(), nanos, item.tag()));
            }
        }
        for (String each : page.prefixes()) {
            String name = name(each, page.encoded());
            if (name == null) {
                continue;
            }
            if (name.indexOf('/') != name.length() - 1) {
                throw corrupt("what is no directory in here: " + each);
            }
            put(name.substring(0, name.length() - 1), true, OF_DIRECTORY);
        }
        emptyPages = page.items().isEmpty() && page.prefixes().isEmpty() ? emptyPages + 1 : 0;
        if (emptyPages > MOST_EMPTY_PAGES) {
            throw corrupt("nothing in " + emptyPages + " pages one after the other");
        }
        boolean something = !page.items().isEmpty() || !page.prefixes().isEmpty();
        if (pages > 0 && something && entries.size() + odd == known) {
            throw corrupt("a page that brings nothing new");
        }
        pages++;
        limits.check(about, directory, entries.size() + odd);
        limits.checkNames(about, directory, chars);
    }

    /** Whether anything says that the directory exists. */
    boolean exists() {
        return marked || odd > 0 || !entries.isEmpty();
    }

    /** Everything, ordered by path. */
    List<OriginEntry> sorted() {
        List<OriginEntry> all = new ArrayList<>(entries.values());
        all.sort((a, b) -> a.path().compareTo(b.path()));
        return all;
    }

    /** How many keys no path can be made of. */
    int odd() {
        return odd;
    }

    /** One of them. */
    @Nullable
    String oneOdd() {
        return oneOdd;
    }

    // A file and a directory may have one name, which no filesystem can show: the directory holds more.
    private void put(String name, boolean isDirectory, FileVersion version) {
        try {
            RealPath path = directory.resolve(name);
            if (!path.parent().equals(directory)) {
                throw new IllegalArgumentException(name);
            }
            OriginEntry before = entries.get(path);
            if (before == null || !before.directory()) {
                entries.put(path, new OriginEntry(path, isDirectory, version, 0));
            }
            if (before != null && before.directory() != isDirectory) {
                odd(path.value());
            }
        } catch (IllegalArgumentException e) {
            odd(prefix + name);
        }
    }

    /** The part of a key after the prefix; null if it is nothing that can be shown. */
    private @Nullable String name(String raw, boolean encoded) {
        String key;
        try {
            key = encoded ? Keys.decode(raw, true) : raw;
        } catch (IllegalArgumentException e) {
            odd(raw);
            return null;
        }
        if (!key.startsWith(prefix)) {
            throw corrupt("what does not lie in it: " + raw);
        }
        return key.substring(prefix.length());
    }

    private void odd(String key) {
        odd++;
        oneOdd = key;
    }

    private MusicFsException corrupt(String what) {
        return new MusicFsException(FailureKind.CORRUPT, about + ": the listing holds " + what);
    }
}
