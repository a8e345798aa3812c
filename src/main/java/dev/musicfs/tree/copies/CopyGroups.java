package dev.musicfs.tree.copies;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Finds out which files are copies of one track after a batch: those that the batch names, whatever may be a copy of
 * those, and so on. The groups follow from all of these files together and not from the order in which they came: the pairs of
 * files that are most alike are joined first, as long as no origin would have two files in a group. Asks the catalog
 * point queries only. For one thread.
 */
public final class CopyGroups {
    /** Audio or bytes that more files than this have in common, such as a second of silence, say nothing. */
    private static final int MOST_ALIKE = 64;
    /** Bounds what one batch looks at; what lies beyond is not joined with anything by this batch. */
    private static final int MOST_FILES = 20_000;

    private record Staged(FileRow after, Optional<AudioLayout> layout, boolean moved) {}

    private final CatalogReader reader;
    private final Comparator<TrackFile> order;
    private final Map<Long, Staged> added = new LinkedHashMap<>();
    private final Map<Long, Staged> updated = new LinkedHashMap<>();
    private final Map<Long, FileRow> removed = new LinkedHashMap<>();
    private final Set<Long> reconsidered = new LinkedHashSet<>();

    private final Map<Long, TrackFile> copies = new LinkedHashMap<>();
    private final Map<Long, TrackFile> gone = new LinkedHashMap<>();
    private final Map<Long, List<TrackFile>> together = new HashMap<>();
    private final Map<RealPath, List<Long>> stagedAt = new HashMap<>();
    private final Map<TrackFile.Audio, List<Long>> stagedWith = new HashMap<>();
    private final Set<RealPath> askedPaths = new HashSet<>();
    private final Set<TrackFile.Audio> askedAudio = new HashSet<>();
    private final Deque<TrackFile> open = new ArrayDeque<>();
    private final Set<CopyPair> pairs = new LinkedHashSet<>();

    /** @param ranks the lower, the better an origin's copies; equal ones are told apart by their names */
    public CopyGroups(CatalogReader reader, ToIntFunction<OriginId> ranks) {
        this.reader = reader;
        this.order = Comparator.comparingInt((TrackFile copy) -> ranks.applyAsInt(copy.file.origin()))
                .thenComparing(copy -> copy.file.origin().value())
                .thenComparing(copy -> copy.file.path())
                .thenComparingLong(copy -> copy.file.id());
    }

    public void add(FileRow after, Optional<AudioLayout> layout) {
        added.put(after.id(), new Staged(after, layout, false));
    }

    public void update(FileRow before, FileRow after, Optional<AudioLayout> layout) {
        updated.put(after.id(), new Staged(after, layout, !before.path().equals(after.path())));
    }

    public void remove(FileRow before) {
        removed.put(before.id(), before);
    }

    /** Finds out again what the file is a copy of, its content hash included. */
    public void reconsider(long fileId) {
        reconsidered.add(fileId);
    }

    /** All groups that hold a file that was looked at. */
    public List<CopyGroup> settle() {
        added.forEach((id, change) -> take(new TrackFile(change.after, change.layout, 0, true, false)));
        if (isOfOneOrigin()) {
            updated.forEach((id, change) -> take(new TrackFile(change.after, change.layout, id, true, change.moved)));
            removed.forEach((id, before) -> gone.put(id, new TrackFile(before, Optional.empty(), id, true, false)));
            reconsidered.forEach(this::load);
            return grouped();
        }
        List.of(updated.keySet(), removed.keySet(), reconsidered).forEach(ids -> ids.forEach(this::load));
        updated.forEach((id, change) -> {
            if (!copies.containsKey(id)) { // the catalog has lost it
                take(new TrackFile(change.after, change.layout, 0, true, false));
            }
        });
        while (!open.isEmpty() && copies.size() <= MOST_FILES) {
            lookAround(open.remove());
        }
        together.values().forEach(this::pairAll);
        return grouped();
    }

    /** Whether there is nothing that anything could be a copy of. */
    private boolean isOfOneOrigin() {
        Set<OriginId> origins = new HashSet<>(reader.originsBlocking());
        List.of(added, updated)
                .forEach(changes -> changes.values().forEach(change -> origins.add(change.after.origin())));
        return origins.size() < 2;
    }

    /** The files that are gone without an heir. */
    public List<TrackFile> withoutHeir() {
        return gone.values().stream()
                .filter(copy -> !together.containsKey(copy.file.id()))
                .toList();
    }

    /** The copy with this number, even if it is gone. */
    public Optional<TrackFile> copy(long fileId) {
        return Optional.ofNullable(copies.getOrDefault(fileId, gone.get(fileId)));
    }

    public boolean isGone(long fileId) {
        return gone.containsKey(fileId);
    }

    private void load(long fileId) {
        if (copies.containsKey(fileId) || gone.containsKey(fileId)) {
            return;
        }
        List<CopyRow> rows = reader.copiesBlocking(fileId);
        for (CopyRow row : rows) {
            register(row, rows.get(0).file().id());
        }
    }

    private void register(CopyRow row, long leaderId) {
        FileRow stored = row.file();
        Staged change = updated.get(stored.id());
        if (removed.containsKey(stored.id())) {
            gone.put(stored.id(), new TrackFile(stored, row.layout(), leaderId, true, false));
        } else if (change == null) {
            take(new TrackFile(stored, row.layout(), leaderId, reconsidered.contains(stored.id()), false));
        } else {
            boolean sameVersion = stored.version().equals(change.after.version());
            Optional<AudioLayout> layout = change.layout.or(() -> sameVersion ? row.layout() : Optional.empty());
            take(new TrackFile(change.after, layout, leaderId, true, change.moved));
        }
    }

    private void take(TrackFile copy) {
        if (copy.file.kind() != FileKind.AUDIO || copies.putIfAbsent(copy.file.id(), copy) != null) {
            return;
        }
        open.add(copy);
        if (copy.shown != 0) {
            together.computeIfAbsent(copy.shown, leader -> new ArrayList<>()).add(copy);
        }
        if (copy.touched) {
            stagedAt.computeIfAbsent(copy.file.path(), path -> new ArrayList<>())
                    .add(copy.file.id());
            copy.audio().ifPresent(audio -> stagedWith
                    .computeIfAbsent(audio, same -> new ArrayList<>())
                    .add(copy.file.id()));
        }
    }

    private void lookAround(TrackFile copy) {
        if (askedPaths.add(copy.file.path())) {
            Set<Long> same = new LinkedHashSet<>(stagedAt.getOrDefault(copy.file.path(), List.of()));
            for (FileRow row : reader.filesAtBlocking(copy.file.path())) {
                same.add(row.id());
            }
            meet(same);
        }
        copy.audio().filter(askedAudio::add).ifPresent(audio -> {
            Set<Long> same = new LinkedHashSet<>(stagedWith.getOrDefault(audio, List.of()));
            reader.filesWithAudioBlocking(audio.streamHash(), audio.bytes(), MOST_ALIKE + 1)
                    .forEach(row -> same.add(row.id()));
            meet(same);
        });
        if (copy.moved || reconsidered.contains(copy.file.id())) {
            lookForContent(copy);
        }
    }

    private void lookForContent(TrackFile copy) {
        reader.contentBlocking(copy.file.id()).ifPresent(content -> {
            Set<Long> same = new LinkedHashSet<>(Set.of(copy.file.id()));
            reader.filesWithContentBlocking(content, MOST_ALIKE + 1).forEach(row -> same.add(row.id()));
            for (long id : same) {
                load(id);
                // A new version has not got the hash of the old one.
                Optional.ofNullable(copies.get(id))
                        .filter(one -> !updated.containsKey(id) || one.moved)
                        .ifPresent(one -> one.content = Optional.of(content));
            }
            meet(same);
        });
    }

    private void meet(Set<Long> alike) {
        if (alike.size() < 2 || alike.size() > MOST_ALIKE) {
            return;
        }
        alike.forEach(this::load);
        List<TrackFile> found = new ArrayList<>();
        alike.forEach(id -> Optional.ofNullable(copies.get(id)).ifPresent(found::add));
        pairAll(found);
    }

    private void pairAll(List<TrackFile> found) {
        for (int i = 0; i < found.size(); i++) {
            for (int j = i + 1; j < found.size(); j++) {
                pair(found.get(i), found.get(j));
            }
        }
    }

    private void pair(TrackFile one, TrackFile other) {
        if (one != other && one.likeness(other) > 0) {
            boolean inOrder = order.compare(one, other) < 0;
            pairs.add(inOrder ? new CopyPair(one, other) : new CopyPair(other, one));
        }
    }

    private List<CopyGroup> grouped() {
        Map<TrackFile, Set<TrackFile>> groups = new LinkedHashMap<>();
        copies.values().forEach(copy -> groups.put(copy, new LinkedHashSet<>(Set.of(copy))));
        List<CopyPair> sorted = new ArrayList<>(pairs);
        sorted.sort(Comparator.comparingInt(CopyPair::likeness)
                .thenComparing(CopyPair::better, order)
                .thenComparing(CopyPair::other, order));
        sorted.forEach(pair -> join(groups, pair));
        List<CopyGroup> all = new ArrayList<>();
        for (Set<TrackFile> group : new LinkedHashSet<>(groups.values())) {
            List<TrackFile> members = group.stream().sorted(order).toList();
            all.add(new CopyGroup(members, owners(members)));
        }
        return all;
    }

    private static void join(Map<TrackFile, Set<TrackFile>> groups, CopyPair pair) {
        Set<TrackFile> one = groups.getOrDefault(pair.better(), Set.of());
        Set<TrackFile> other = groups.getOrDefault(pair.other(), Set.of());
        Set<OriginId> origins = new HashSet<>();
        one.forEach(copy -> origins.add(copy.file.origin()));
        if (one != other && other.stream().noneMatch(copy -> origins.contains(copy.file.origin()))) {
            one.addAll(other);
            other.forEach(copy -> groups.put(copy, one));
        }
    }

    private List<TrackFile> owners(List<TrackFile> members) {
        List<TrackFile> owners = new ArrayList<>();
        for (TrackFile member : members) {
            if (member.shown == member.file.id()) {
                owners.add(member);
            }
            TrackFile lost = gone.get(member.shown);
            if (lost != null && !owners.contains(lost) && isHeir(member)) {
                owners.add(lost);
            }
        }
        return owners;
    }

    /** Whether it is the best of those that a file that is gone was shown for. */
    private boolean isHeir(TrackFile copy) {
        return together.getOrDefault(copy.shown, List.of()).stream()
                .min(order)
                .filter(best -> best == copy)
                .isPresent();
    }
}
