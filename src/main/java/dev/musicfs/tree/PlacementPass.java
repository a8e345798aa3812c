package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.FutureLoop;
import dev.musicfs.tree.StagedFiles.Folder;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over all tracks that finds out of each what it is a copy of and where it belongs; the catalog keeps, after
 * each page, how far it has come.
 */
final class PlacementPass {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementPass.class);
    private static final int PAGE = 200;
    private static final String RANKS = "copies.ranks";
    private static final String TEMPLATE = "tree.template";
    private static final String REACHED = "copies.reached";
    private static final char SEPARATOR = '\n';

    private record Page(List<FileRow> files, List<FileRow> rest) {}

    private final Function<List<LibraryChange>, Future<Void>> apply;
    private final WorkerExecutor worker;
    private final CatalogReader reader;
    private final CatalogWriter writer;
    private final BooleanSupplier stopped;
    private final String ranks;
    private final String template;
    private long seen;
    /** The last file of the pages that are done. */
    private volatile long reached;
    /** Of the worker. */
    private @Nullable Folder large;

    /**
     * Does nothing yet.
     *
     * @param ranks the ranking of the origins, as a text that differs when the ranking does
     * @param template where tracks are placed, likewise
     */
    PlacementPass(
            Function<List<LibraryChange>, Future<Void>> apply,
            WorkerExecutor worker,
            CatalogReader reader,
            CatalogWriter writer,
            BooleanSupplier stopped,
            String ranks,
            String template) {
        this.apply = apply;
        this.worker = worker;
        this.reader = reader;
        this.writer = writer;
        this.stopped = stopped;
        this.ranks = ranks;
        this.template = template;
    }

    Future<Void> run() {
        return worker.executeBlocking(this::isDoneBlocking, false)
                .compose(known -> known ? Future.succeededFuture() : begin());
    }

    // An unfinished pass under other ranks or another template has left some tracks where those want them.
    private boolean isDoneBlocking() {
        return reader.settingBlocking(RANKS).equals(Optional.of(ranks))
                && isPlacedBlocking()
                && reader.settingBlocking(REACHED).orElse("").isEmpty();
    }

    private boolean isPlacedBlocking() {
        return reader.settingBlocking(TEMPLATE).equals(Optional.of(template));
    }

    // Nothing is a copy where there is one origin, and nothing was left of another pass where all is placed.
    private boolean concernsNoneBlocking() {
        return reader.originsBlocking().size() < 2
                && isPlacedBlocking()
                && reader.settingBlocking(REACHED).orElse("").isEmpty();
    }

    private Future<Void> begin() {
        return worker.executeBlocking(() -> concernsNoneBlocking() ? Long.MAX_VALUE : reachedBlocking(), false)
                .compose(from -> from == Long.MAX_VALUE
                        ? Future.succeededFuture(from)
                        : noted(from).map(from))
                .compose(from -> {
                    reached = from;
                    return FutureLoop.repeat(this::nextPage);
                });
    }

    private Future<Void> noted(long reached) {
        return writer.apply(List.of(new Mutation.PutSetting(REACHED, what() + SEPARATOR + reached)));
    }

    private String what() {
        return ranks + SEPARATOR + template;
    }

    private long reachedBlocking() {
        String reached = reader.settingBlocking(REACHED).orElse("");
        int separator = reached.lastIndexOf(SEPARATOR);
        return separator >= 0 && reached.substring(0, separator).equals(what())
                ? Long.parseLong(reached.substring(separator + 1))
                : 0;
    }

    /** Whether there may be one more. */
    private Future<Boolean> nextPage() {
        if (stopped.getAsBoolean()) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.UNAVAILABLE, "the daemon ends, or tracks are to be placed otherwise again"));
        }
        return worker.executeBlocking(() -> pageBlocking(reached), false)
                .compose(page -> page.files().isEmpty()
                        ? finish().map(false)
                        : reconsider(page).map(true));
    }

    /** With the rest of the folder in which it ends: an album whose tracks are in two directories has no cover. */
    private Page pageBlocking(long afterId) {
        List<FileRow> files = reader.filesAfterBlocking(afterId, PAGE);
        if (files.isEmpty()) {
            return new Page(files, List.of());
        }
        FileRow last = files.get(files.size() - 1);
        Folder folder = Folder.of(last);
        if (folder.equals(large)) {
            return new Page(files, List.of());
        }
        List<FileRow> rest = reader.filesInBlocking(folder.origin(), folder.path()).stream()
                .filter(file -> file.id() > last.id())
                .toList();
        if (rest.size() > PAGE) { // no album, and it would come with every page
            large = folder;
            return new Page(files, List.of());
        }
        return new Page(files, rest);
    }

    private Future<Void> reconsider(Page page) {
        long last = page.files().get(page.files().size() - 1).id();
        List<LibraryChange> batch = new ArrayList<>();
        Stream.concat(page.files().stream(), page.rest().stream())
                .filter(file -> file.kind() == FileKind.AUDIO)
                .forEach(file -> batch.add(new LibraryChange.Reconsidered(file.id())));
        seen += page.files().stream()
                .filter(file -> file.kind() == FileKind.AUDIO)
                .count();
        return apply.apply(batch).compose(v -> noted(last)).onSuccess(v -> reached = last);
    }

    private Future<Void> finish() {
        return writer.apply(List.of(
                        new Mutation.PutSetting(RANKS, ranks),
                        new Mutation.PutSetting(TEMPLATE, template),
                        new Mutation.PutSetting(REACHED, "")))
                .onSuccess(v -> {
                    if (seen > 0) {
                        LOG.info(
                                "{} tracks were looked at anew: where they belong, and which are copies of one another",
                                seen);
                    }
                });
    }
}
