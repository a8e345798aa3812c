package dev.musicfs.cli;

import dev.musicfs.control.api.PinResult;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.RemoteCache;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code musicfs cache pin}. */
@Command(
        name = "pin",
        description = "Keeps files in the cache; MusicFS has to be running.",
        mixinStandardHelpOptions = true)
final class CachePin implements Callable<Integer> {
    private final Console console;
    private final Caches caches;

    @Mixin
    private CacheOptions options = new CacheOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "A file or directory in the mount, or from its root such as Artist/Album.")
    private List<String> paths = new ArrayList<>();

    CachePin(Console console, Caches caches) {
        this.console = console;
        this.caches = caches;
    }

    @Override
    public Integer call() {
        return run(console, caches, options, paths, RemoteCache::pinBlocking, "pinned");
    }

    private static int run(
            Console console,
            Caches caches,
            CacheOptions options,
            List<String> paths,
            BiFunction<RemoteCache, String, PinResult> action,
            String done) {
        JsonArray results = new JsonArray();
        try (RemoteCache cache = caches.running(options.config())) {
            for (String path : paths) {
                PinResult result = apply(cache, action, path);
                results.add(RecordJson.of(result));
                if (!options.json()) {
                    String name = result.path().isEmpty() ? "everything" : result.path();
                    console.out().println(String.format(Locale.ROOT, "%s %s: %,d files", done, name, result.files()));
                }
            }
        }
        if (options.json()) {
            console.out().println(results.encode());
        }
        return Main.DONE;
    }

    /** What is there for this process goes first; a path that only happens to be there is one from the tree's root. */
    private static PinResult apply(RemoteCache cache, BiFunction<RemoteCache, String, PinResult> action, String path) {
        String resolved = resolved(path);
        try {
            return action.apply(cache, resolved);
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.INVALID
                    && !resolved.equals(path)
                    && !Path.of(path).isAbsolute()) {
                return action.apply(cache, path);
            }
            throw e;
        }
    }

    // The daemon cannot follow links that lead into its own mount without waiting for itself.
    private static String resolved(String path) {
        Path absolute = Path.of(path).toAbsolutePath();
        if (!Files.exists(absolute)) {
            return path;
        }
        try {
            return absolute.toRealPath().toString();
        } catch (IOException e) {
            return path;
        }
    }

    /** {@code musicfs cache unpin}. */
    @Command(
            name = "unpin",
            description = "Lets pinned files leave the cache again; MusicFS has to be running.",
            mixinStandardHelpOptions = true)
    static final class Unpin implements Callable<Integer> {
        private final Console console;
        private final Caches caches;

        @Mixin
        private CacheOptions options = new CacheOptions();

        @Parameters(
                arity = "1..*",
                paramLabel = "PATH",
                description = "A file or directory in the mount, or from its root such as Artist/Album.")
        private List<String> paths = new ArrayList<>();

        Unpin(Console console, Caches caches) {
            this.console = console;
            this.caches = caches;
        }

        @Override
        public Integer call() {
            return run(console, caches, options, paths, RemoteCache::unpinBlocking, "unpinned");
        }
    }
}
