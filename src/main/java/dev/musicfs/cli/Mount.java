package dev.musicfs.cli;

import dev.musicfs.app.Daemon;
import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flag;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.Problem;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.registry.Backends;
import dev.musicfs.posix.MountTable;
import dev.musicfs.process.StartOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code musicfs mount}. */
@Command(
        name = "mount",
        description = "Scans, mounts and serves until it is unmounted or told to stop.",
        mixinStandardHelpOptions = true)
final class Mount implements Callable<Integer> {

    private static final String FAILPOINTS = "FAILPOINTS";

    // Read by logback.xml when the first logger is made, which is after the configuration is known.
    private static final String LEVEL_PROPERTY = "musicfs.log.level";

    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "MOUNTPOINT",
            description = "An empty directory. May come from the configuration instead.")
    private @Nullable String mountPoint;

    @Option(
            names = "--origin",
            arity = "1",
            paramLabel = "PATH_OR_URL",
            description = "A directory of music, or a URL such as sftp://me@nas/srv/music; may be given several times."
                    + " Replaces the configured ones.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration, in place of the usual ones.")
    private @Nullable Path file;

    @Option(
            names = "--cache-dir",
            paramLabel = "DIR",
            description = "Where the catalog, the store and the log are kept.")
    private @Nullable String cacheDir;

    @Option(
            names = "-o",
            paramLabel = "k=v,...",
            description =
                    "Keys of the configuration, such as uid=1000,allow_other. What fstab says to mount(8) alone is let"
                            + " be.")
    private List<String> options = new ArrayList<>();

    @Option(
            names = {"-d", "--daemon"},
            description =
                    "Return once the mount serves and its origins have answered, with a warning of each that does not, and"
                            + " leave it serving; after a minute at most, or with what keeps it from serving. The log is"
                            + " musicfs.log in the cache directory.")
    private boolean daemon;

    @Option(names = "--dry-run", description = "Print sample paths and counts, mount nothing.")
    private boolean dryRun;

    @Option(names = "--accept-removals", description = "Confirm a removal that the safety limit holds back.")
    private boolean acceptRemovals;

    @Option(
            names = "--replace",
            description = "End a MusicFS that has the cache directory, by force if it hangs, and take its place.")
    private boolean replace;

    @Option(
            names = "--require-origins",
            description = "End with exit code 1 when an origin does not answer at the start, in place of a warning.")
    private boolean requireOrigins;

    @Option(names = OwnCommand.DETACHED, hidden = true)
    private boolean detached;

    // For tests of the whole program only.
    @Option(names = "--failpoints", hidden = true)
    private boolean failpoints;

    @Spec
    private @Nullable CommandSpec spec;

    Mount(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String points = armFailpoints();
        MusicFsConfig config = config();
        System.setProperty(LEVEL_PROPERTY, config.logging().level());
        if (!points.isBlank()) {
            LoggerFactory.getLogger(Mount.class).warn("Failpoints are armed, things will go wrong: {}", points);
        }
        if (config.enabledOrigins().isEmpty()) {
            throw usage("no origin: name a directory of music with --origin PATH or in the configuration");
        }
        if (dryRun) {
            return Daemon.dryRun(config, console.out());
        }
        // What is mounted is named without links, by the mount table and from here on.
        Path target = config.mountPoint()
                .map(MountTable::placeOf)
                .orElseThrow(() -> usage("no mountpoint: name a directory, or set mount_point in the configuration"));
        if (daemon && !detached) {
            return new Detached(console, config.cacheDir(), target, requireOrigins).start();
        }
        return Daemon.runForeground(
                config, this::loaded, target, new StartOptions(acceptRemovals, replace, requireOrigins), console.out());
    }

    private String armFailpoints() {
        String points = console.environment().getOrDefault(FAILPOINTS, "");
        if (points.isBlank()) {
            return "";
        }
        if (!failpoints) {
            throw usage("the environment variable " + FAILPOINTS
                    + " would make things go wrong, which is for tests only; unset it");
        }
        try {
            Failpoints.arm(points);
        } catch (MusicFsException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        return points;
    }

    private LoadedConfig loaded() {
        return new ConfigLoader(Backends.types()).load(Optional.ofNullable(file), new Flags(flags(), origins));
    }

    private MusicFsConfig config() {
        LoadedConfig loaded = loaded();
        List<Problem> ours =
                loaded.problems().stream().filter(Problem::inArguments).toList();
        if (!ours.isEmpty()) {
            throw usage(String.join(
                    "\nmusicfs: ", ours.stream().map(Problem::toString).toList()));
        }
        return loaded.orThrow();
    }

    private Map<String, Flag> flags() {
        Map<String, Flag> flags = new LinkedHashMap<>();
        try {
            flags.putAll(MountOptions.parse(options));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        if (mountPoint != null) {
            flags.put("mount_point", new Flag("MOUNTPOINT", mountPoint));
        }
        if (cacheDir != null) {
            flags.put("cache_dir", new Flag("--cache-dir", cacheDir));
        }
        return flags;
    }

    private ParameterException usage(String message) {
        CommandSpec ours = spec;
        if (ours == null) {
            throw new IllegalStateException("picocli has not set the command's spec");
        }
        return new ParameterException(ours.commandLine(), message);
    }
}
