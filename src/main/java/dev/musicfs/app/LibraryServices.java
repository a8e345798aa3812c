package dev.musicfs.app;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.library.LibraryService;
import dev.musicfs.library.LocalTagSource;
import dev.musicfs.library.ScanProgress;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.origin.registry.Ranks;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.runtime.Waiting;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Vertx;
import java.util.Optional;

/** The origins, what keeps the catalog in step with them, and the tree that shows it: for mount, dry run and tests. */
record LibraryServices(
        Vertx vertx,
        Catalog catalog,
        CatalogWriter writer,
        Ranks ranks,
        TreeUpdater updater,
        TaskSupervisor tasks,
        OriginService origins,
        LibraryService library) {
    /**
     * What is shown, and how scans go.
     *
     * @param acceptRemovals whether a removal held back by the safety limit is confirmed
     * @param layouts how the layout of a file of this machine is read; empty where none is wanted
     */
    record Setting(
            Catalog catalog,
            Tree tree,
            Template template,
            boolean acceptRemovals,
            ScanProgress progress,
            Optional<LocalTagSource.Layouts> layouts) {}

    /**
     * Makes them; no origin is asked before {@link OriginService#start}.
     *
     * @param base for what readers stand on
     * @param changes for what changes the tree
     */
    static LibraryServices wire(
            Vertx vertx, MusicFsConfig config, Setting setting, LifecycleStack base, LifecycleStack changes) {
        Catalog catalog = setting.catalog();
        CatalogWriter writer = catalog.startWriter(vertx);
        Ranks ranks = Ranks.of(config.enabledOrigins());
        TreeUpdater updater = new TreeUpdater(
                vertx, setting.tree(), catalog.reader(), writer, setting.template(), Clock.system(), ranks);
        changes.push("the tree", patience -> Waiting.await(updater.close(), patience, "the end of the tree's worker"));
        TaskSupervisor tasks = TaskSupervisor.on(vertx);
        OriginService origins = new OriginService(vertx, new VertxVerticles(vertx), config, tasks);
        base.push("the origins", patience -> Waiting.await(origins.stop(), patience, "the end of the origins"));
        LibraryService library = new LibraryService(
                vertx,
                config,
                setting.acceptRemovals(),
                origins.all(),
                new LibraryService.Parts(
                        catalog.reader(), writer, updater::apply, setting.progress(), setting.layouts()));
        changes.push("the scan", patience -> Waiting.await(library.stop(), patience, "the end of the scan"));
        changes.push("supervised tasks", patience -> Waiting.await(tasks.stop(), patience, "the end of the tasks"));
        return new LibraryServices(vertx, catalog, writer, ranks, updater, tasks, origins, library);
    }

    /** What is wrong with the catalog, in words; empty when nothing is. */
    Optional<String> catalogTrouble() {
        return catalog.damage()
                .map(what -> "damaged: " + what)
                .or(() -> library.trouble().or(updater::trouble).map(why -> "not up to date: " + why));
    }
}
