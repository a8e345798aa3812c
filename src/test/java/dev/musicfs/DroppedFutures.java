package dev.musicfs;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Label;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds in bytecode where a future of Vert.x is dropped: a call whose future is popped from the stack, put into a variable
 * that is never read, or lost by a method reference to something that gives nothing. A future is not dropped when in the
 * same statement something was told of its failure.
 */
final class DroppedFutures extends ClassVisitor {
    private static final int API = Opcodes.ASM9;
    private static final String FUTURE = "io/vertx/core/Future";
    private static final Set<String> TOLD_OF_FAILURE =
            Set.of("onFailure", "onComplete", "andThen", "otherwise", "otherwiseEmpty", "recover", "transform");

    private final String name;
    private final List<String> dropped = new ArrayList<>();

    private DroppedFutures(String name) {
        super(API);
        this.name = name;
    }

    /** Names such as {@code content.Block#fetch} of the methods that drop one. */
    static List<String> in(JavaClass type) {
        DroppedFutures found = new DroppedFutures(FireAndForgetTest.nameOf(type));
        try (InputStream bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            new ClassReader(bytes).accept(found, ClassReader.SKIP_FRAMES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.dropped;
    }

    @Override
    public MethodVisitor visitMethod(int access, String method, String descriptor, String generic, String[] thrown) {
        boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
        String shown = method.startsWith("lambda$") ? method.split("\\$", -1)[1] : method;
        return bridge ? null : new Statements(name + "#" + shown);
    }

    /** One method. A statement ends where a value is taken from the stack for good. */
    private final class Statements extends MethodVisitor {
        private final String where;
        private final Map<Integer, String> unread = new HashMap<>();
        private boolean future;
        private boolean told;

        Statements(String where) {
            super(API);
            this.where = where;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String called, String descriptor, boolean isInterface) {
            boolean ofFuture = owner.equals(FUTURE);
            if (ofFuture && TOLD_OF_FAILURE.contains(called)) {
                told = true;
            } else if (!(ofFuture && (called.equals("onSuccess") || called.equals("mapEmpty")))) {
                told = false;
            }
            future = isFuture(Type.getReturnType(descriptor));
        }

        @Override
        public void visitInvokeDynamicInsn(String called, String descriptor, Handle bootstrap, Object... arguments) {
            // What is an argument is no statement of its own: whether the future before it was told stays as it was.
            future = false;
            if (arguments.length == 3 && arguments[1] instanceof Handle target && arguments[2] instanceof Type made) {
                boolean given = isFuture(Type.getReturnType(target.getDesc()));
                if (given
                        && made.getReturnType().getSort() == Type.VOID
                        && !target.getName().startsWith("lambda$")) {
                    dropped.add(where);
                }
            }
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.POP && future && !told) {
                dropped.add(where);
            }
            if (opcode == Opcodes.POP) {
                told = false;
            }
            future = false;
        }

        @Override
        public void visitVarInsn(int opcode, int variable) {
            if (opcode == Opcodes.ASTORE) {
                if (future && !told) {
                    unread.put(variable, where);
                } else {
                    unread.remove(variable);
                }
                told = false;
            } else if (opcode == Opcodes.ALOAD) {
                unread.remove(variable);
            }
            future = false;
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String descriptor) {
            future = false;
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            future = false;
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (opcode != Opcodes.CHECKCAST) {
                future = false;
            }
        }

        @Override
        public void visitEnd() {
            dropped.addAll(unread.values());
        }

        private boolean isFuture(Type type) {
            return type.getSort() == Type.OBJECT && type.getInternalName().equals(FUTURE);
        }
    }
}
