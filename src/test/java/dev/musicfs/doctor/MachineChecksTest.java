package dev.musicfs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.DefaultConfig;
import dev.musicfs.config.FuseConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.doctor.Finding.Verdict;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.local.LocalBackend;
import dev.musicfs.posix.MountTable;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a machine made of files. */
class MachineChecksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path root;

    private boolean superuser;
    private boolean allowOther;

    @BeforeEach
    void makeAGoodMachine() throws IOException {
        put("dev/fuse", "");
        put("usr/lib/x86_64-linux-gnu/libfuse.so.2.9.9", "");
        put("usr/bin/fusermount", "").toFile().setExecutable(true);
        Files.setAttribute(root.resolve("usr/bin/fusermount"), "unix:mode", 0104755);
        limits("65536", "65536");
        put("proc/sys/fs/inotify/max_user_instances", "128\n");
        put("proc/sys/fs/inotify/max_user_watches", "524288\n");
        put("sys/fs/cgroup/pids.max", "max\n");
        put("sys/fs/cgroup/memory.max", "max\n");
        Files.createDirectories(root.resolve("music/a/b"));
    }

    @Test
    void findsNothingOnAGoodMachine() {
        assertThat(examine()).allMatch(each -> each.verdict() == Verdict.OK).hasSize(10);
    }

    @Test
    void saysWhatIsMissingAndHowToGetIt() throws IOException {
        Files.delete(root.resolve("dev/fuse"));
        Files.delete(root.resolve("usr/lib/x86_64-linux-gnu/libfuse.so.2.9.9"));
        Files.delete(root.resolve("usr/bin/fusermount"));
        assertThat(found("/dev/fuse").remedy().orElseThrow()).contains("modprobe fuse");
        assertThat(found("libfuse").remedy().orElseThrow()).contains("libfuse2");
        assertThat(found("fusermount").verdict()).isEqualTo(Verdict.BROKEN);
        superuser = true;
        assertThat(found("fusermount").verdict()).as("root can do without").isEqualTo(Verdict.NOTE);
    }

    @Test
    void aFusermountThatMayNotMountIsBrokenForOthersThanRoot() throws IOException {
        Files.setAttribute(root.resolve("usr/bin/fusermount"), "unix:mode", 0100755);
        assertThat(found("fusermount").remedy().orElseThrow()).contains("chmod u+s /usr/bin/fusermount");
        superuser = true;
        assertThat(found("fusermount").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void lettingOthersInTakesALineInFuseConf() throws IOException {
        allowOther = true;
        assertThat(found("fuse.conf").verdict()).isEqualTo(Verdict.BROKEN);
        put("etc/fuse.conf", "# user_allow_other\n");
        assertThat(found("fuse.conf").verdict()).isEqualTo(Verdict.BROKEN);
        put("etc/fuse.conf", "mount_max = 10\nuser_allow_other\n");
        assertThat(found("fuse.conf").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void aProfileOfAppArmorMayBeInTheWay() throws IOException {
        put("etc/apparmor.d/fusermount3", "profile fusermount3 {}\n");
        assertThat(found("apparmor").verdict()).isEqualTo(Verdict.WARNING);
        assertThat(found("apparmor").remedy().orElseThrow()).contains("/etc/apparmor.d/local/fusermount3");
    }

    @ParameterizedTest
    @Resilience("5.3")
    @CsvSource({"65536, 65536, OK", "64, 65536, OK", "1024, 1024, WARNING", "64, 64, BROKEN", "unlimited, unlimited, OK"
    })
    void tellsHowManyDescriptorsThereMayBe(String soft, String hard, Verdict verdict) throws IOException {
        limits(soft, hard);
        assertThat(found("descriptors").verdict()).isEqualTo(verdict);
    }

    @Test
    @Resilience("5.4")
    void tellsWhenAnOriginHasMoreDirectoriesThanMayBeWatched() throws IOException {
        put("proc/sys/fs/inotify/max_user_watches", "2\n");
        assertThat(found("inotify").verdict()).isEqualTo(Verdict.WARNING);
        assertThat(found("inotify").remedy().orElseThrow()).contains("fs.inotify.max_user_watches=");
        put("proc/sys/fs/inotify/max_user_watches", "3\n");
        assertThat(found("inotify").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void limitsOfAContainerAreTold() throws IOException {
        put("sys/fs/cgroup/memory.max", Long.toString(128L << 20));
        put("sys/fs/cgroup/pids.max", "64\n");
        assertThat(found("memory").text()).contains("128 MiB");
        assertThat(found("threads").verdict()).isEqualTo(Verdict.BROKEN);
    }

    @Test
    @Resilience("6.7")
    void aPlaceThatCannotBeUsedIsNamedWithItsRemedy() throws IOException {
        Path taken = put("taken", "x");
        List<Finding> found = new Doctor(PATIENCE)
                .examineBlocking(new PlaceChecks(
                                config(taken, Optional.of(taken)), new MountTable(List.of()), at -> Optional.empty())
                        .all());
        assertThat(found)
                .filteredOn(each -> each.verdict() == Verdict.BROKEN)
                .extracting(Finding::check)
                .contains("mountpoint", "cache directory");
        assertThat(found)
                .allMatch(
                        each -> each.verdict() != Verdict.BROKEN || each.text().contains(taken.toString()));
        Path mount = Files.createDirectories(root.resolve("mnt"));
        MountTable foreign =
                new MountTable(List.of(new MountTable.Mount(mount.toString(), "fuse.sshfs", "nas:", "0:1")));
        assertThat(new Doctor(PATIENCE)
                        .examineBlocking(new PlaceChecks(
                                        config(root.resolve("cache"), Optional.of(mount)),
                                        foreign,
                                        at -> Optional.empty())
                                .all()))
                .filteredOn(each -> each.check().equals("mountpoint"))
                .singleElement()
                .matches(each -> each.verdict() == Verdict.BROKEN && each.text().contains("nas:"));
    }

    @Test
    void aCheckThatHangsOrFailsIsAFindingAndHoldsUpNoOther() {
        CountDownLatch never = new CountDownLatch(1);
        List<Finding> found = new Doctor(Duration.ofSeconds(2))
                .examineBlocking(List.of(
                        Check.of("hung", () -> {
                            never.await();
                            return Finding.ok("hung", "");
                        }),
                        Check.of("failed", () -> {
                            throw new IOException("a bad cable");
                        })));
        never.countDown();
        assertThat(found).extracting(Finding::verdict).containsExactly(Verdict.BROKEN, Verdict.BROKEN);
        assertThat(found.get(0).text()).contains("no answer");
        assertThat(found.get(1).text()).contains("a bad cable");
    }

    private Finding found(String check) {
        return examine().stream()
                .filter(each -> each.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private List<Finding> examine() {
        return new Doctor(PATIENCE)
                .examineBlocking(new MachineChecks(
                                root,
                                config(root.resolve("cache"), Optional.of(Path.of("/srv/music"))),
                                superuser,
                                "/usr/local/bin:/usr/bin")
                        .all());
    }

    private MusicFsConfig config(Path cache, Optional<Path> mountPoint) {
        FuseConfig fuse = DefaultConfig.FUSE;
        return new MusicFsConfig(
                mountPoint,
                cache,
                DefaultConfig.TEMPLATE,
                List.of(OriginConfig.of(
                        new OriginId("disk"),
                        new LocalBackend().type(),
                        new OriginSettings(Map.of("path", root.resolve("music"))))),
                DefaultConfig.CACHE,
                new FuseConfig(
                        fuse.uid(),
                        fuse.gid(),
                        fuse.fileMode(),
                        fuse.dirMode(),
                        allowOther,
                        fuse.announce(),
                        fuse.maxReadaheadBytes(),
                        fuse.xattrs()),
                DefaultConfig.HEALTH,
                DefaultConfig.SAFETY,
                DefaultConfig.LOGGING,
                DefaultConfig.DRAIN_TIMEOUT);
    }

    private void limits(String soft, String hard) throws IOException {
        put(
                "proc/self/limits",
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                        + "Max processes             unlimited            unlimited            processes \n"
                        + "Max open files            " + soft + "                " + hard
                        + "                files     \n");
    }

    private Path put(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }
}
