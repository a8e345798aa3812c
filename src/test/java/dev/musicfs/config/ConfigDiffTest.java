package dev.musicfs.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.ConfigDiff.Change;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.local.LocalBackend;
import dev.musicfs.origin.sftp.SftpBackend;
import dev.musicfs.testkit.Resilience;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ConfigDiffTest {
    private static final OriginType LOCAL = new LocalBackend().type();
    private static final OriginType SFTP = new SftpBackend().type();
    private static final OriginConfig DISK = local("disk", 100);
    private static final OriginConfig NAS = local("nas", 10);

    private static final MusicFsConfig BEFORE = with(List.of(DISK, NAS));

    @Test
    @Resilience("3.6")
    void withoutAChangeThereIsNone() {
        assertThat(ConfigDiff.of(BEFORE, with(List.of(local("disk", 100), NAS))).changes())
                .isEmpty();
    }

    /** A component that {@link ConfigDiff} does not know fails here. */
    @TestFactory
    @Resilience("3.6")
    Stream<DynamicTest> everyComponentOfTheConfigurationIsClassified() {
        List<DynamicTest> tests = new ArrayList<>();
        for (RecordComponent part : MusicFsConfig.class.getRecordComponents()) {
            Object value = get(part, BEFORE);
            if (value instanceof Record section) {
                for (RecordComponent inner : section.getClass().getRecordComponents()) {
                    tests.add(classified(
                            part.getName() + "." + inner.getName(),
                            copy(BEFORE, part, copy(section, inner, another(get(inner, section))))));
                }
            } else {
                tests.add(classified(
                        part.getName(),
                        copy(BEFORE, part, part.getName().equals("origins") ? List.of(DISK) : another(value))));
            }
        }
        for (RecordComponent part : OriginConfig.class.getRecordComponents()) {
            OriginConfig changed = copy(NAS, part, another(get(part, NAS)));
            tests.add(classified("origins." + part.getName(), with(List.of(DISK, changed))));
        }
        return tests.stream();
    }

    private static DynamicTest classified(String name, MusicFsConfig after) {
        return DynamicTest.dynamicTest(name, () -> {
            ConfigDiff diff = ConfigDiff.of(BEFORE, after);
            assertThat(diff.changes()).isNotEmpty();
            MusicFsConfig taken = ConfigDiff.taken(BEFORE, after);
            assertThat(ConfigDiff.of(BEFORE, taken).changes()).isEqualTo(diff.changes(true));
            assertThat(ConfigDiff.of(taken, after).changes()).isEqualTo(diff.changes(false));
        });
    }

    @Test
    @Resilience("3.6")
    void namesKeysAsTheFileDoesWithTheOldAndTheNewValue() {
        CacheConfig cache = BEFORE.cache();
        MusicFsConfig after = new MusicFsConfig(
                Optional.of(Path.of("/mnt/b")),
                BEFORE.cacheDir(),
                BEFORE.template(),
                List.of(local("disk", 5), NAS),
                new CacheConfig(
                        20L << 30,
                        cache.minFreeBytes(),
                        cache.tagsBytes(),
                        CacheConfig.Local.ALWAYS,
                        cache.durability(),
                        Duration.ofHours(36),
                        cache.readAheadBytes()),
                BEFORE.fuse(),
                BEFORE.health(),
                BEFORE.safety(),
                new LoggingConfig("debug"),
                Duration.ofSeconds(90));
        ConfigDiff diff = ConfigDiff.of(BEFORE, after);
        assertThat(diff.changes(true))
                .extracting(Change::toString)
                .containsExactly(
                        "cache.size: 10GiB -> 20GiB",
                        "cache.scrub_interval: 30d -> 36h",
                        "logging.level: info -> debug",
                        "origins.disk.priority: 100 -> 5");
        assertThat(diff.changes(false))
                .extracting(Change::toString)
                .containsExactly(
                        "mount_point: nothing -> /mnt/b", "drain_timeout: 20s -> 90s", "cache.local: auto -> always");
    }

    @Test
    @Resilience("3.6")
    void originsThatComeGoAndChangePlacesAreNamed() {
        assertThat(ConfigDiff.of(BEFORE, with(List.of(DISK, local("new", 1)))).changes())
                .extracting(Change::toString)
                .containsExactly("origins.nas: local origin -> nothing", "origins.new: nothing -> local origin");
        assertThat(ConfigDiff.of(BEFORE, with(List.of(NAS, DISK))).changes())
                .extracting(Change::toString)
                .containsExactly("origins: disk, nas -> nas, disk");
    }

    @Test
    @Resilience("3.6")
    void aStoreThatComesOrGoesNeedsARestartAndItsPartStaysWithIt() {
        MusicFsConfig without = copyOf(
                BEFORE,
                new CacheConfig(
                        0,
                        1L << 30,
                        0,
                        CacheConfig.Local.AUTO,
                        CacheConfig.Durability.FAST,
                        Duration.ofDays(30),
                        8L << 20));
        assertThat(ConfigDiff.of(BEFORE, without).changes(false))
                .extracting(Change::key)
                .containsExactly("cache.size", "cache.tags");
        assertThat(ConfigDiff.taken(BEFORE, without).cache()).isEqualTo(BEFORE.cache());
        assertThat(ConfigDiff.of(without, BEFORE).changes(true)).isEmpty();
    }

    @Test
    @Resilience("3.6")
    void secretsAreNotShown() {
        OriginConfig before = sftp("sftp://me:hunter2@nas/music", new Secret(Secret.Source.ENV, "OLD_PASSWORD"));
        OriginConfig after = sftp("sftp://me:hunter3@nas/music", new Secret(Secret.Source.FILE, "/etc/new-password"));
        assertThat(ConfigDiff.of(with(List.of(before)), with(List.of(after))).changes())
                .extracting(Change::toString)
                .containsExactly(
                        "origins.far.password: a secret -> a secret",
                        "origins.far.url: sftp://me:...@nas/music -> sftp://me:...@nas/music");
    }

    private static OriginConfig sftp(String url, Secret password) {
        return OriginConfig.of(new OriginId("far"), SFTP, new OriginSettings(Map.of("url", url, "password", password)));
    }

    private static OriginConfig local(String id, int priority) {
        return new OriginConfig(
                new OriginId(id),
                LOCAL,
                new OriginSettings(Map.of("path", Path.of("/srv/" + id))),
                priority,
                true,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                4,
                0);
    }

    private static MusicFsConfig with(List<OriginConfig> origins) {
        return new MusicFsConfig(
                Optional.empty(),
                Path.of("/var/cache/musicfs"),
                DefaultConfig.TEMPLATE,
                origins,
                DefaultConfig.CACHE,
                DefaultConfig.FUSE,
                DefaultConfig.HEALTH,
                DefaultConfig.SAFETY,
                DefaultConfig.LOGGING,
                DefaultConfig.DRAIN_TIMEOUT);
    }

    private static MusicFsConfig copyOf(MusicFsConfig config, CacheConfig cache) {
        return new MusicFsConfig(
                config.mountPoint(),
                config.cacheDir(),
                config.template(),
                config.origins(),
                cache,
                config.fuse(),
                config.health(),
                config.safety(),
                config.logging(),
                config.drainTimeout());
    }

    private static Object another(Object value) {
        if (value instanceof Optional<?>) {
            return Optional.of(Path.of("/elsewhere"));
        } else if (value instanceof Path) {
            return Path.of("/elsewhere");
        } else if (value instanceof String text) {
            return text + "x";
        } else if (value instanceof Long number) {
            return number + 1;
        } else if (value instanceof Integer number) {
            return number + 1;
        } else if (value instanceof Boolean flag) {
            return !flag;
        } else if (value instanceof Duration time) {
            return time.plusSeconds(1);
        } else if (value instanceof List<?>) {
            return List.of("another");
        } else if (value instanceof OriginId) {
            return new OriginId("another");
        } else if (value instanceof OriginType) {
            return SFTP;
        } else if (value instanceof OriginSettings) {
            return new OriginSettings(Map.of("path", Path.of("/elsewhere")));
        } else if (value instanceof Enum<?> constant) {
            Object[] all = constant.getDeclaringClass().getEnumConstants();
            return all[0].equals(constant) ? all[1] : all[0];
        }
        throw new AssertionError("this test knows no other " + value.getClass());
    }

    private static Object get(RecordComponent part, Object record) {
        try {
            return part.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T record, RecordComponent part, Object value) {
        RecordComponent[] parts = record.getClass().getRecordComponents();
        Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(parts)
                .map(each -> each.getName().equals(part.getName()) ? value : get(each, record))
                .toArray();
        try {
            Constructor<?> constructor = record.getClass().getDeclaredConstructor(types);
            return (T) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
