package dev.musicfs.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.OriginId;
import dev.musicfs.origin.local.LocalBackend;
import dev.musicfs.testkit.Resilience;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigDiffTest {
    private static final OriginConfig DISK = origin("disk");

    private static final MusicFsConfig BASE = new MusicFsConfig(
            Optional.of(Path.of("/mnt")),
            Path.of("/cache"),
            "$title",
            List.of(DISK),
            CacheConfig.DEFAULTS,
            FuseConfig.DEFAULTS,
            HealthConfig.DEFAULTS,
            SafetyConfig.DEFAULTS,
            LoggingConfig.DEFAULTS);

    @Test
    @Resilience("3.6")
    void twoThatAreEqualDifferInNothing() {
        assertThat(ConfigDiff.between(BASE, BASE)).isEmpty();
        assertThat(ConfigDiff.withHotOf(BASE, BASE)).isEqualTo(BASE);
    }

    /** One with a new component that nobody has thought of here shows no difference, and fails. */
    @ParameterizedTest
    @Resilience("3.6")
    @MethodSource("variants")
    void everyComponentIsAKeyAndEitherTakenOverOrKept(MusicFsConfig other) {
        List<ConfigChange> changes = ConfigDiff.between(BASE, other);
        assertThat(changes).isNotEmpty();
        MusicFsConfig next = ConfigDiff.withHotOf(BASE, other);
        assertThat(ConfigDiff.between(BASE, next))
                .as("what is called hot is taken over, and nothing else")
                .isEqualTo(changes.stream().filter(ConfigChange::hot).toList());
        assertThat(ConfigDiff.between(next, other))
                .as("what is cold is told again until it is true")
                .isEqualTo(changes.stream().filter(each -> !each.hot()).toList());
    }

    static Stream<MusicFsConfig> variants() {
        List<MusicFsConfig> variants = new ArrayList<>();
        for (int i = 0; i < MusicFsConfig.class.getRecordComponents().length; i++) {
            RecordComponent component = MusicFsConfig.class.getRecordComponents()[i];
            Object value = value(BASE, component);
            if (value instanceof Record section) {
                for (Object changed : changedSections(section)) {
                    variants.add(with(BASE, i, changed));
                }
            } else if (component.getName().equals("origins")) {
                for (Object changed : changedSections(DISK)) {
                    variants.add(with(BASE, i, List.of(changed)));
                }
                variants.add(with(BASE, i, List.of()));
                variants.add(with(BASE, i, List.of(DISK, origin("second"))));
            } else {
                variants.add(with(BASE, i, changed(value)));
            }
        }
        assertThat(variants).hasSizeGreaterThan(30);
        return variants.stream();
    }

    @Test
    @Resilience("3.6")
    void keysAreThoseOfTheFileAndSayWhatChanged() {
        MusicFsConfig other = with(BASE, 8, new LoggingConfig("debug"));
        assertThat(ConfigDiff.between(BASE, other))
                .containsExactly(new ConfigChange("logging.level", "info", "debug", true));
        OriginConfig first = new OriginConfig(
                DISK.id(),
                DISK.type(),
                DISK.settings(),
                1,
                true,
                DISK.pollInterval(),
                DISK.timeout(),
                DISK.concurrency(),
                0);
        assertThat(ConfigDiff.between(BASE, with(BASE, 3, List.of(first))))
                .containsExactly(new ConfigChange("origins.disk.priority", "100", "1", true));
    }

    @Test
    @Resilience("3.6")
    void aStoreIsMadeOrGivenUpAtAStartOnly() {
        CacheConfig none = new CacheConfig(
                0,
                1L << 30,
                1L << 30,
                CacheConfig.Local.AUTO,
                CacheConfig.Durability.FAST,
                Duration.ofDays(30),
                8 << 20);
        MusicFsConfig without = with(BASE, 4, none);
        assertThat(ConfigDiff.between(BASE, without)).noneMatch(ConfigChange::hot);
        assertThat(ConfigDiff.between(without, BASE)).noneMatch(ConfigChange::hot);
        assertThat(ConfigDiff.withHotOf(BASE, without)).isEqualTo(BASE);
    }

    private static List<Object> changedSections(Record section) {
        List<Object> all = new ArrayList<>();
        RecordComponent[] components = section.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            Object value = value(section, components[i]);
            if (value instanceof OriginType) {
                continue; // A type is a thing of its own; its settings change with it.
            }
            all.add(with(section, i, changed(value)));
        }
        return all;
    }

    private static Object changed(Object value) {
        if (value instanceof Optional<?>) {
            return Optional.of(Path.of("/elsewhere"));
        } else if (value instanceof Path) {
            return Path.of("/elsewhere");
        } else if (value instanceof String) {
            return "debug";
        } else if (value instanceof Integer number) {
            return number + 1;
        } else if (value instanceof Long number) {
            return number + 1;
        } else if (value instanceof Boolean flag) {
            return !flag;
        } else if (value instanceof Duration duration) {
            return duration.plusSeconds(1);
        } else if (value instanceof Enum<?> constant) {
            Object[] all = constant.getDeclaringClass().getEnumConstants();
            return all[0].equals(constant) ? all[1] : all[0];
        } else if (value instanceof OriginId) {
            return new OriginId("other");
        } else if (value instanceof OriginSettings) {
            return new OriginSettings(Map.of("path", Path.of("/elsewhere")));
        }
        throw new AssertionError("no other value of " + value.getClass());
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <R extends Record> R with(R record, int index, Object changed) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = i == index ? changed : value(record, components[i]);
        }
        try {
            return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static OriginConfig origin(String id) {
        return OriginConfig.of(
                new OriginId(id), new LocalBackend().type(), new OriginSettings(Map.of("path", Path.of("/" + id))));
    }
}
