package dev.musicfs.cli;

import dev.musicfs.control.api.PinResult;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.RemoteCache;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code musicfs cache pin} and {@code unpin}. */
abstract class CachePin extends PrintingCommand {
    private final Caches caches;
    private final BiFunction<RemoteCache, String, PinResult> action;
    private final String done;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "A file or directory in the mount, or from its root such as Artist/Album.")
    private List<String> paths = new ArrayList<>();

    private CachePin(Console console, Caches caches, BiFunction<RemoteCache, String, PinResult> action, String done) {
        super(console);
        this.caches = caches;
        this.action = action;
        this.done = done;
    }

    /** {@code musicfs cache pin}. */
    @Command(
            name = "pin",
            description =
                    "Keeps what is stored of files from leaving the cache, and fetches nothing; MusicFS has to be running.")
    static final class Pin extends CachePin {
        Pin(Console console, Caches caches) {
            super(console, caches, RemoteCache::pinBlocking, "pinned");
        }
    }

    /** {@code musicfs cache unpin}. */
    @Command(name = "unpin", description = "Lets pinned files leave the cache again; MusicFS has to be running.")
    static final class Unpin extends CachePin {
        Unpin(Console console, Caches caches) {
            super(console, caches, RemoteCache::unpinBlocking, "unpinned");
        }
    }

    @Override
    public Integer call() {
        List<PinResult> results = new ArrayList<>();
        try (RemoteCache cache = caches.running(options().config())) {
            for (String path : paths) {
                PinResult result = apply(cache, path);
                results.add(result);
                if (!options().json()) {
                    String name = result.path().isEmpty() ? "everything" : result.path();
                    console().out().println(String.format(Locale.ROOT, "%s %s: %,d files", done, name, result.files()));
                }
            }
        }
        if (options().json()) {
            console().out().println(RecordJson.of(results).encode());
        }
        return ExitCodes.DONE;
    }

    /** What is there for this process goes first; a path that only happens to be there is one from the tree's root. */
    private PinResult apply(RemoteCache cache, String path) {
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
}
