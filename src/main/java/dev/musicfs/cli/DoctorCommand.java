package dev.musicfs.cli;

import dev.musicfs.app.VertxVerticles;
import dev.musicfs.doctor.Doctor;
import dev.musicfs.doctor.Examination;
import dev.musicfs.doctor.Finding;
import dev.musicfs.doctor.Finding.Verdict;
import dev.musicfs.doctor.OriginProbe;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code musicfs doctor}. */
@Command(
        name = "doctor",
        description =
                "Looks whether this machine and the configuration are fit for MusicFS, and says how to mend what is"
                        + " not: FUSE, limits, mountpoint, cache and its disk, catalog, files of secrets, a running MusicFS and the"
                        + " origins. It changes nothing.",
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {"0:nothing is broken", "1:something is broken", ExitCodes.USAGE_TEXT})
final class DoctorCommand extends PrintingCommand {
    private static final Finding UNREAD = Finding.broken(
            "configuration",
            "It cannot be read: there is no answer from where it lies, and nothing else was looked at.",
            "Look whether the disk or share that it lies on hangs, or name another with --config.");

    private final Doctor doctor;

    DoctorCommand(Console console) {
        this(console, new Doctor(Examination.PATIENCE));
    }

    DoctorCommand(Console console, Doctor doctor) {
        super(console);
        this.doctor = doctor;
    }

    @Override
    public Integer call() {
        // The probe of an origin would log what its finding says.
        System.setProperty("musicfs.log.level", "off");
        OriginProbe probe = new OriginProbe(VertxVerticles::new);
        List<Finding> findings = doctor.askBlocking("configuration", options()::loaded)
                .map(loaded -> doctor.examineBlocking(new Examination(loaded, probe::probeBlocking).checks()))
                .orElseGet(() -> List.of(UNREAD));
        if (options().json()) {
            console()
                    .out()
                    .println(
                            new JsonArray(findings.stream().map(Finding::toJson).toList()).encode());
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().anyMatch(each -> each.verdict() == Verdict.BROKEN) ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    private void print(Finding finding) {
        console()
                .out()
                .println(String.format(
                        Locale.ROOT,
                        "%-7s  %s: %s",
                        finding.verdict().name().toLowerCase(Locale.ROOT),
                        finding.check(),
                        finding.text()));
        finding.remedy().ifPresent(remedy -> console().out().println("         " + remedy));
    }
}
