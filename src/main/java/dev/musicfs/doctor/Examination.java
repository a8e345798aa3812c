package dev.musicfs.doctor;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.OriginStatus;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteDaemon;
import dev.musicfs.control.client.RemoteOrigins;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.Inodes;
import dev.musicfs.posix.MountTable;
import dev.musicfs.tree.template.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All checks of a machine and a configuration. */
public final class Examination {
    /** How long one may take: longer than the probe of an origin. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private final LoadedConfig loaded;
    private final Function<MusicFsConfig, List<OriginStatus>> origins;
    private final Path root;

    /**
     * Nothing is touched yet.
     *
     * @param loaded the configuration, also one with problems
     * @param origins probes the origins of one that has none, when no daemon can be asked; blocks
     */
    public Examination(LoadedConfig loaded, Function<MusicFsConfig, List<OriginStatus>> origins) {
        this(loaded, origins, Path.of("/"));
    }

    Examination(LoadedConfig loaded, Function<MusicFsConfig, List<OriginStatus>> origins, Path root) {
        this.loaded = loaded;
        this.origins = origins;
        this.root = root;
    }

    /** In the order in which they are told. */
    public List<Check> checks() {
        MusicFsConfig config = loaded.config();
        List<Check> all = new ArrayList<>();
        all.add(new Check("configuration", this::configuration));
        all.addAll(new MachineChecks(
                        root,
                        config,
                        "root".equals(System.getProperty("user.name")),
                        System.getenv().getOrDefault("PATH", "/usr/bin:/bin"))
                .all());
        all.addAll(new PlaceChecks(config, MountTable.read(), Inodes::ofBlocking).all());
        all.add(new SecretChecks(loaded, Files::isReadable).check());
        all.add(Check.of("daemon", this::daemon));
        all.add(new Check("origins", this::origins));
        return all;
    }

    private List<Finding> configuration() {
        List<Finding> found = new ArrayList<>();
        loaded.problems()
                .forEach(problem -> found.add(Finding.broken(
                        "configuration", problem.toString(), "Correct it there; conf/musicfs.toml has every key.")));
        try {
            Template.parse(loaded.config().template());
        } catch (MusicFsException e) {
            found.add(Finding.broken(
                    "configuration", String.valueOf(e.getMessage()), "Correct the template, or leave it out."));
        }
        if (loaded.config().enabledOrigins().isEmpty()) {
            found.add(Finding.note("configuration", "It names no origin; the command line has to."));
        }
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    "configuration", loaded.file().map(Path::toString).orElse("no file, all defaults") + " is good."));
        }
        return found;
    }

    private Finding daemon() {
        if (Files.notExists(CacheEntry.SOCKET.in(loaded.config().cacheDir()))) {
            return Finding.note("daemon", "None runs for " + loaded.config().cacheDir() + ".");
        }
        try {
            DaemonStatus status = new RemoteDaemon(client()).statusBlocking();
            return status.state().equals(DaemonStatus.READY)
                    ? Finding.ok("daemon", "Process " + status.pid() + " serves " + status.mountPoint() + ".")
                    : Finding.warning(
                            "daemon",
                            "Process " + status.pid() + " serves " + status.mountPoint() + " and is " + status.state()
                                    + ".",
                            "Ask musicfs status what ails it.");
        } catch (MusicFsException e) {
            return Finding.note("daemon", "None answers: " + e.getMessage());
        }
    }

    private List<Finding> origins() {
        if (loaded.config().enabledOrigins().isEmpty()) {
            return List.of();
        }
        List<OriginStatus> probed;
        try {
            probed = new RemoteOrigins(client()).probeBlocking();
        } catch (MusicFsException nobody) {
            probed = origins.apply(loaded.config());
        }
        return probed.stream().map(Examination::origin).toList();
    }

    private static Finding origin(OriginStatus origin) {
        String name = "origin " + origin.id();
        return origin.state().equals("up")
                ? Finding.ok(name, "It answers.")
                : Finding.broken(
                        name,
                        "It cannot be used: " + origin.lastError().orElse("its state is " + origin.state()) + ".",
                        "Look whether it is switched on and mounted, and whether address, path and credentials are right.");
    }

    private ControlClient client() {
        return new ControlClient(loaded.config().cacheDir(), ControlClient.PATIENCE);
    }
}
