package dev.musicfs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.CacheEntry;
import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flag;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.doctor.Finding.Verdict;
import dev.musicfs.origin.registry.Backends;
import dev.musicfs.posix.Inodes;
import dev.musicfs.posix.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a disk with as many inodes as are wanted. */
class PlaceChecksTest {
    /** 16 MiB: 2 for scans, of 64 KiB each, and 14 of 512 KiB each, and 512 beside. */
    private static final int WANTED = 32 + 28 + 512;

    private final List<Path> asked = new ArrayList<>();

    @TempDir
    private Path root;

    private Path cache;
    private Optional<Inodes> inodes = Optional.empty();

    @BeforeEach
    void namesTheCache() {
        cache = root.resolve("a/b/cache");
    }

    @Test
    void warnsWhenTheCacheMayWantMoreInodesThanAreFree() {
        inodes = Optional.of(new Inodes(100_000, WANTED - 1));
        Finding found = look();
        assertThat(found.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(found.text()).contains(root + " has 571 inodes free", "about 572 more", "16 MiB");
        assertThat(found.remedy().orElseThrow()).contains("cache.size", "cache_dir");
        assertThat(asked).as("the directory above what is not there yet").containsOnly(root);

        inodes = Optional.of(new Inodes(100_000, WANTED));
        assertThat(look().verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void filesThatTheCacheHasAlreadyAreNotWantedOnceMore() throws IOException {
        Files.createDirectories(cache.resolve("store/chunks"));
        inodes = Optional.of(new Inodes(100_000, WANTED - 4));
        assertThat(look().text()).as("three directories are there").contains("about 569 more");
        Files.createFile(cache.resolve("store/chunks/one"));
        assertThat(look().verdict()).isEqualTo(Verdict.OK);
        assertThat(asked).containsOnly(cache);
        inodes = Optional.of(new Inodes(100_000, 0));
        assertThat(look().verdict()).isEqualTo(Verdict.WARNING);
    }

    @Test
    void aDiskWithoutALimitOrThatDoesNotTellIsNoReasonToWarn() {
        inodes = Optional.of(new Inodes(0, 0));
        assertThat(look().verdict()).isEqualTo(Verdict.OK);
        inodes = Optional.empty();
        assertThat(look().verdict()).isEqualTo(Verdict.NOTE);
    }

    @Test
    void aLinkInPlaceOfAnythingInTheCacheDirectoryIsBroken() throws IOException {
        Files.createDirectories(cache);
        for (String name : CacheEntry.names()) {
            Path link = Files.createSymbolicLink(cache.resolve(name), root);
            Finding found = look("cache directory");
            assertThat(found.verdict()).as(name).isEqualTo(Verdict.BROKEN);
            assertThat(found.remedy().orElseThrow()).contains(name);
            Files.delete(link);
        }
        assertThat(look("cache directory").verdict()).isEqualTo(Verdict.OK);
    }

    private Finding look() {
        return look("cache inodes");
    }

    private Finding look(String check) {
        Flags flags = new Flags(
                Map.of(
                        "cache_dir", new Flag("--cache-dir", cache.toString()),
                        "cache.size", new Flag("--cache-size", "16MiB"),
                        "cache.tags", new Flag("--cache-tags", "2MiB")),
                List.of());
        MusicFsConfig config = new ConfigLoader(Backends.types())
                .load(Optional.of(Path.of("/dev/null")), flags)
                .orThrow();
        return new Doctor(Duration.ofSeconds(60))
                        .examineBlocking(new PlaceChecks(config, new MountTable(List.of()), at -> {
                                    asked.add(at);
                                    return inodes;
                                })
                                .all())
                        .stream()
                        .filter(each -> each.check().equals(check))
                        .findFirst()
                        .orElseThrow();
    }
}
