package dev.musicfs.library;

import dev.musicfs.config.LibraryConfig;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the directories of one origin say of themselves in their {@value IgnoreRules#FILE}, read when it is new or changed. At
 * most {@value #MOST} of these files are taken note of. On the round's context.
 */
final class IgnoreFiles {
    private static final Logger LOG = LoggerFactory.getLogger(IgnoreFiles.class);
    private static final Duration READING = Duration.ofSeconds(10);
    static final int MOST = 1_000;

    private final Origin origin;
    private final ScanSlots slots;
    private final IgnoreRules configured;
    private final Map<RealPath, IgnoreFile> files = new HashMap<>();

    private record IgnoreFile(FileVersion version, String text) {}

    /** The rules for what is in a directory, and whether its file has changed since it was looked at last. */
    record Found(IgnoreRules rules, boolean changed) {}

    IgnoreFiles(Origin origin, ScanSlots slots, LibraryConfig config) {
        this.origin = origin;
        this.slots = slots;
        this.configured = IgnoreRules.of(config);
    }

    /** The rules for what is in a directory, without those of its own file. */
    IgnoreRules above(RealPath folder) {
        IgnoreRules rules = configured;
        if (folder.isRoot() || files.isEmpty()) {
            return rules;
        }
        List<RealPath> parents = new ArrayList<>();
        for (RealPath at = folder.parent(); !at.isRoot(); at = at.parent()) {
            parents.add(at);
        }
        parents.add(RealPath.ROOT);
        Collections.reverse(parents);
        for (RealPath parent : parents) {
            IgnoreFile file = files.get(parent);
            if (file != null) {
                rules = rules.with(parent, file.text);
            }
        }
        return rules;
    }

    /** Whether a directory, or one above it, is passed over. */
    boolean passesOver(RealPath folder) {
        for (RealPath at = folder; !at.isRoot(); at = at.parent()) {
            if (within(at.parent()).passesOver(at, true).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Never fails: a file that cannot be read says what it said before. On the thread that {@code listing} came on. */
    Future<Found> of(RealPath folder, List<OriginEntry> listing) {
        Optional<OriginEntry> entry = listing.stream()
                .filter(one -> one.path().name().equals(IgnoreRules.FILE))
                .findFirst();
        @Nullable IgnoreFile known = files.get(folder);
        if (entry.isEmpty() || (!entry.get().isFile() && entry.get().unknown().isEmpty())) {
            files.remove(folder);
            return Future.succeededFuture(new Found(above(folder), known != null));
        }
        FileVersion version = entry.get().version();
        if (entry.get().unknown().isPresent() || (known != null && known.version.equals(version))) {
            return Future.succeededFuture(new Found(within(folder), false));
        }
        ByteRange range = new ByteRange(0, Math.min(version.sizeBytes(), IgnoreRules.LONGEST_FILE));
        return slots.run(() -> origin.read(entry.get().path(), version, range, Deadline.in(READING)))
                .map(bytes -> bytes.toString(StandardCharsets.UTF_8))
                .transform(read -> {
                    if (read.failed()) {
                        LOG.warn(
                                "Origin {}: {} cannot be read, what it said before applies: {}",
                                origin.id(),
                                entry.get().path(),
                                read.cause().getMessage());
                    } else if (files.size() < MOST || files.containsKey(folder)) {
                        files.put(folder, new IgnoreFile(version, read.result()));
                    }
                    return Future.succeededFuture(new Found(within(folder), read.succeeded()));
                });
    }

    /** The rules for what is in a directory. */
    private IgnoreRules within(RealPath folder) {
        IgnoreFile own = files.get(folder);
        IgnoreRules above = above(folder);
        return own == null ? above : above.with(folder, own.text);
    }
}
