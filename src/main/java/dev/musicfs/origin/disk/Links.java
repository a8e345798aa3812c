package dev.musicfs.origin.disk;

import dev.musicfs.model.RealPath;
import dev.musicfs.posix.OpenBeneath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where links of an origin may lead: to files below its root, and to what lies below the targets that are allowed besides. A
 * link to a directory below the root is not followed, since that is shown where it is; one to an allowed target is, unless it
 * stands in such a target itself: so every directory is met once, and nothing goes round in circles. Blocks as a disk does.
 */
final class Links {
    private static final List<Path> OF_THE_KERNEL = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

    private final LocalPaths paths;
    private final List<Path> targets;

    /** @param targets absolute paths of directories */
    Links(LocalPaths paths, List<Path> targets) {
        this.paths = paths;
        this.targets = List.copyOf(targets);
    }

    /** What becomes of a link. */
    enum Verdict {
        FOLLOWED,
        /** It is shown where it really is. */
        SHOWN_ELSEWHERE,
        OUTSIDE
    }

    /**
     * Judges a link.
     *
     * @param link which is one, and leads somewhere
     * @param toDirectory whether it leads to a directory
     */
    Verdict judge(Path link, boolean toDirectory) throws IOException {
        Path real = link.toRealPath();
        Path root = paths.root().toRealPath();
        if (isOfTheKernel(real) && !isOfTheKernel(root)) {
            return Verdict.OUTSIDE;
        }
        if (real.startsWith(root)) {
            return toDirectory ? Verdict.SHOWN_ELSEWHERE : Verdict.FOLLOWED;
        }
        if (targetOf(real).isEmpty()) {
            return Verdict.OUTSIDE;
        }
        Path parent = link.getParent();
        boolean standsInRoot = parent != null && parent.toRealPath().startsWith(root);
        return !toDirectory || standsInRoot ? Verdict.FOLLOWED : Verdict.SHOWN_ELSEWHERE;
    }

    /** Whether a path is of what the kernel shows of itself. */
    static boolean isOfTheKernel(Path path) {
        return OF_THE_KERNEL.stream().anyMatch(path::startsWith);
    }

    /** Whether a directory, links followed, is the root, below it, or below an allowed target. */
    boolean reaches(Path directory) throws IOException {
        if (!hasLink(directory)) {
            return true;
        }
        Path real = directory.toRealPath();
        return real.startsWith(paths.root().toRealPath()) || targetOf(real).isPresent();
    }

    /** Opens a regular file, and never one to which only a link leads that is not followed. */
    OpenBeneath openBlocking(RealPath path) throws IOException {
        try {
            return OpenBeneath.openBlocking(paths.root(), paths.rootBytes(), path.toBytes());
        } catch (LinkageError e) {
            Path real = paths.locate(path).toRealPath();
            if (!Files.isRegularFile(real)
                    || !(real.startsWith(paths.root().toRealPath())
                            || targetOf(real).isPresent())) {
                throw new OpenBeneath.OutsideException(path.value());
            }
            return OpenBeneath.unguarded(real);
        } catch (OpenBeneath.OutsideException led) {
            Path real = paths.locate(path).toRealPath();
            List<Path> bases = new ArrayList<>();
            bases.add(paths.root().toRealPath());
            targetOf(real).ifPresent(bases::add);
            for (Path base : bases) {
                if (real.startsWith(base) && !real.equals(base)) {
                    // The real path has no link in it; one that appears now leads out again.
                    return OpenBeneath.openBlocking(base, paths.bytesOf(base), paths.bytesOf(base.relativize(real)));
                }
            }
            throw led;
        }
    }

    private Optional<Path> targetOf(Path real) throws IOException {
        for (Path target : targets) {
            if (Files.isDirectory(target)) {
                Path allowed = target.toRealPath();
                if (real.startsWith(allowed)) {
                    return Optional.of(allowed);
                }
            }
        }
        return Optional.empty();
    }

    private boolean hasLink(Path directory) {
        for (Path at = directory; at != null && !at.equals(paths.root()); at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                return true;
            }
        }
        return false;
    }
}
