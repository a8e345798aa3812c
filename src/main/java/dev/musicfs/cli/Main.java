package dev.musicfs.cli;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.Strerror;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Process entry. Exit codes: 0 done, 1 failed, 2 usage, which are picocli's own; a command may say others. */
@Command(
        name = "musicfs",
        description = "Shows a music collection as a read-only filesystem organised by tags.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            Mount.class,
            Umount.class,
            StatusCommand.class,
            DoctorCommand.class,
            ShutdownCommand.class,
            CacheCommand.class,
            OriginCommand.class,
            ConfigCommand.class
        })
public final class Main implements Runnable {
    private static final String JFFI_WITHOUT_UNSAFE = "jffi.unsafe.disabled";

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    boolean debug;

    @Spec
    private @Nullable CommandSpec spec;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        speakOneLanguage();
        silenceUnsafeWarning();
        Errno.translatedBy(Strerror::of);
        System.exit(run(args, System.getenv(), System.out, System.err));
    }

    /**
     * Nothing we write is in the user's language, and much of it is read by programs. Where that language has digits of
     * its own or another small i, libraries would put them into names of files, keys of tags and headers.
     */
    private static void speakOneLanguage() {
        Locale.setDefault(Locale.ROOT);
    }

    /**
     * From 24 on the JVM warns of jffi's use of {@code sun.misc.Unsafe}, and a manifest cannot allow it. jffi has another
     * way, through JNI, which is a little slower; the launcher allows Unsafe and asks for it.
     */
    private static void silenceUnsafeWarning() {
        if (Runtime.version().feature() >= 24 && System.getProperty(JFFI_WITHOUT_UNSAFE) == null) {
            System.setProperty(JFFI_WITHOUT_UNSAFE, "true");
        }
    }

    /** Runs a command; whatever it says goes to {@code out} and {@code err}. */
    static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        return run(args, environment, out, err, Caches.OF_THIS_MACHINE);
    }

    /** The same with caches of the caller's. */
    static int run(
            String[] args, Map<String, String> environment, PrintStream rawOut, PrintStream rawErr, Caches caches) {
        PrintStream out = new PrintableStream(rawOut);
        PrintStream err = new PrintableStream(rawErr);
        CommandLine line = line(new Console(out, err, List.of(args), environment), caches);
        Main main = line.getCommand();
        line.setOut(new PrintWriter(out, true, Charset.defaultCharset()));
        line.setErr(new PrintWriter(err, true, Charset.defaultCharset()));
        line.setParameterExceptionHandler((e, ignored) -> usageError(e, err));
        line.setExecutionExceptionHandler((e, failed, result) -> failure(e, failed, main.debug, err));
        return line.execute(args);
    }

    /** All commands, as picocli sees them. */
    static CommandLine line(Console console, Caches caches) {
        return new CommandLine(new Main(), new Commands(console, caches));
    }

    @Override
    public void run() {
        CommandSpec ours = spec;
        if (ours != null) {
            throw new ParameterException(ours.commandLine(), "a command is missing");
        }
    }

    private static int usageError(ParameterException e, PrintStream err) {
        err.println("musicfs: " + e.getMessage());
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failure(Exception e, CommandLine failed, boolean debug, PrintStream err) {
        if (e instanceof MusicFsException) {
            String.valueOf(e.getMessage()).lines().forEach(line -> err.println("musicfs: " + line));
        } else {
            err.println("musicfs: a defect in MusicFS: " + e + "; run again with --debug and report it");
        }
        if (debug) {
            e.printStackTrace(err);
        }
        return failed.getCommandSpec().exitCodeOnExecutionException();
    }
}
