package dev.musicfs.cli;

import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes picocli's objects: ours by hand, so that each gets the console, its own as it likes. */
final class Commands implements IFactory {
    private final Map<Class<?>, Supplier<?>> ours;

    Commands(Console console, Caches caches) {
        ours = Map.ofEntries(
                Map.entry(Mount.class, () -> new Mount(console)),
                Map.entry(Umount.class, () -> new Umount(console)),
                Map.entry(StatusCommand.class, () -> new StatusCommand(console)),
                Map.entry(ShutdownCommand.class, () -> new ShutdownCommand(console)),
                Map.entry(DoctorCommand.class, () -> new DoctorCommand(console)),
                Map.entry(ConfigCommand.class, ConfigCommand::new),
                Map.entry(ConfigCommand.Check.class, () -> new ConfigCommand.Check(console)),
                Map.entry(ConfigReload.class, () -> new ConfigReload(console)),
                Map.entry(CacheCommand.class, CacheCommand::new),
                Map.entry(CacheStatsCommand.class, () -> new CacheStatsCommand(console, caches)),
                Map.entry(CacheVerify.Verify.class, () -> new CacheVerify.Verify(console, caches)),
                Map.entry(CacheVerify.Repair.class, () -> new CacheVerify.Repair(console, caches)),
                Map.entry(CacheClear.class, () -> new CacheClear(console, caches)),
                Map.entry(CachePin.Pin.class, () -> new CachePin.Pin(console, caches)),
                Map.entry(CachePin.Unpin.class, () -> new CachePin.Unpin(console, caches)),
                Map.entry(CachePins.class, () -> new CachePins(console, caches)),
                Map.entry(OriginCommand.class, OriginCommand::new),
                Map.entry(OriginCommand.Listing.class, () -> new OriginCommand.Listing(console)),
                Map.entry(OriginCommand.Health.class, () -> new OriginCommand.Health(console)),
                Map.entry(OriginCommand.Rescan.class, () -> new OriginCommand.Rescan(console)),
                Map.entry(OriginCommand.ConfirmRemovals.class, () -> new OriginCommand.ConfirmRemovals(console)),
                Map.entry(Version.class, Version::new));
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        Supplier<?> maker = ours.get(type);
        return maker == null ? CommandLine.defaultFactory().create(type) : type.cast(maker.get());
    }
}
