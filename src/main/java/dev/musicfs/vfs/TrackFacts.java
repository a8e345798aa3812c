package dev.musicfs.vfs;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.ManifestRow;
import dev.musicfs.content.file.CatalogCopies;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Where a track comes from, as extended attributes: read from the catalog and from what is known of the origins. */
public final class TrackFacts implements FileFacts {
    private final CatalogReader catalog;
    private final CatalogCopies copies;
    private final Predicate<OriginId> serving;
    private final Function<Copy, Optional<OriginId>> servedInstead;
    private final Predicate<ChunkId> storedBlocking;
    private final Map<String, Function<FileRow, Optional<String>>> facts;

    /**
     * @param serving whether an origin can serve at present
     * @param servedInstead the origin that has lately served a file instead of the one that its first copy lies on, if any
     * @param storedBlocking whether a chunk is in the store
     */
    public TrackFacts(
            CatalogReader catalog,
            Predicate<OriginId> serving,
            Function<Copy, Optional<OriginId>> servedInstead,
            Predicate<ChunkId> storedBlocking) {
        this.catalog = catalog;
        this.copies = new CatalogCopies(catalog);
        this.serving = serving;
        this.servedInstead = servedInstead;
        this.storedBlocking = storedBlocking;
        this.facts = Map.of(
                "origin", row -> Optional.of(row.origin().value()),
                "path", row -> Optional.of(row.path().value()),
                "copies", row -> Optional.of(origins(row)),
                "served_by", row -> servedBy(row).map(OriginId::value),
                "backup",
                        row -> Optional.of(
                                servedBy(row)
                                                .filter(by -> !by.equals(row.origin()))
                                                .isPresent()
                                        ? "1"
                                        : "0"),
                "cached", row -> Optional.of(Long.toString(percentStored(row))));
    }

    @Override
    public List<String> names(long fileId) {
        return catalog.fileBlocking(fileId)
                .map(row -> facts.keySet().stream()
                        .filter(name ->
                                !name.equals("served_by") || servedBy(row).isPresent())
                        .sorted()
                        .toList())
                .orElse(List.of());
    }

    @Override
    public Optional<byte[]> fact(long fileId, String name) {
        Function<FileRow, Optional<String>> fact = facts.get(name);
        return fact == null
                ? Optional.empty()
                : catalog.fileBlocking(fileId).flatMap(fact).map(RealPath::encode);
    }

    private String origins(FileRow row) {
        return copies.ofBlocking(row).stream()
                .map(copy -> copy.origin().value())
                .collect(Collectors.joining(","));
    }

    /** The origin that has served last or would now; empty when none can. */
    private Optional<OriginId> servedBy(FileRow row) {
        List<Copy> all = copies.ofBlocking(row);
        return servedInstead
                .apply(all.get(0))
                .or(() -> all.stream().map(Copy::origin).filter(serving).findFirst());
    }

    /** How many of a hundred blocks of its present version are in the store, rounded down. */
    private long percentStored(FileRow row) {
        Optional<ManifestRow> manifest = catalog.manifestBlocking(row.id())
                .filter(known -> known.version().equals(row.version()));
        if (row.version().sizeBytes() == 0 || manifest.isEmpty()) {
            return row.version().sizeBytes() == 0 ? 100 : 0;
        }
        int blocks =
                BlockPlan.of(row.version().sizeBytes(), manifest.get().layout()).count();
        long stored = manifest.get().chunks().entrySet().stream()
                .filter(each -> each.getKey() < blocks && storedBlocking.test(each.getValue()))
                .count();
        return 100 * stored / blocks;
    }
}
