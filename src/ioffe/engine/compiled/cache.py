"""The decorator of all kernels, their folder on disk, and work spread over threads.

Compiled kernels are kept in a cache folder of the user, so that only the first process ever compiles. Numba's
own cache decides by the file of a function alone whether what it kept is still valid, and so misses a change
in a function called from another file; here the stamp covers every source file of the folder and below it.
Numba's global configuration is not touched: functions that a user compiles behave as if ioffe were not there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numba

from ioffe.engine.compiled import SOURCES, kernel_folder, stamp, unmark_others

CHUNK = 65536
"""Items that one call of a kernel treats, so that memory stays bounded and threads have shares to take."""
ORDERLY = {"contract"}
"""A product and a sum may become one instruction."""
REORDERED = {"reassoc", "contract", "arcp", "nsz"}
"""Sums may be reordered as well; NaN and infinity keep their meaning."""


def kernel(
    function: Callable[..., Any] | None = None,
    *,
    fast: bool = False,
    inline: bool = False,
    inner: bool = False,
) -> Any:
    """Compile a function with numba when it is first called, and keep the result on disk.

    `function`: what to compile; left out when the decorator is given options.
    `fast`: let the compiler reorder sums, so that loops over cases become vector instructions.
    `inline`: copy the function into its callers, for the bodies of such loops.
    `inner`: only other kernels call it. It makes no array, and returns none to a kernel that is not inner. It
        has no bridges to Python, counts no references, and is optimised only as a part of those that call it.

    >>> @kernel
    ... def cube(x):
    ...     return x * x * x
    >>> cube(2.0)
    8.0
    """
    if function is None:
        return lambda later: kernel(later, fast=fast, inline=inline, inner=inner)
    options: dict[str, Any] = {"forceinline": True} if inline else {}
    inner = inner or inline
    if inner:
        options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
        options |= _as_a_part()
    compiled = numba.njit(
        error_model="numpy", nogil=True, fastmath=REORDERED if fast else ORDERLY, **options
    )(function)
    if not (inner and "pipeline_class" in options):
        _keep(compiled)
    return compiled


@lru_cache
def _as_a_part() -> dict[str, Any]:
    """Options under which numba neither optimises a kernel nor makes machine code of it on its own.

    By default it does so at every level of calls, for everything below, over and over again.
    """
    try:
        codegen: Any = import_module("numba.core.codegen")
        compiler: Any = import_module("numba.core.compiler")

        class NoEngine:
            """Code generation for a kernel that has no machine code, and so no place for its environment."""

            def __init__(self, own: Any) -> None:
                self._own = own

            def __getattr__(self, name: str) -> Any:
                return getattr(self._own, name)

            def set_env(self, name: str, env: Any) -> None:
                pass

        class PartLibrary(codegen.JITCodeLibrary):
            @property
            def codegen(self) -> Any:
                return NoEngine(self._codegen)

            def _optimize_final_module(self) -> None:
                pass

            def _finalize_final_module(self) -> None:
                self._finalize_dynamic_globals()
                self._finalized = True

            def get_pointer_to_function(self, name: str) -> int:
                self._ensure_finalized()
                return 0

        class PartCompiler(compiler.CompilerBase):
            def define_pipelines(self) -> list[Any]:
                name = self.state.func_id.func_qualname
                self.state.library = PartLibrary(self.state.targetctx.codegen(), name)
                return [compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)]

        needed = ("_optimize_final_module", "_finalize_final_module", "_finalize_dynamic_globals")
        if all(hasattr(codegen.JITCodeLibrary, name) for name in needed):
            return {"pipeline_class": PartCompiler}
    except (ImportError, AttributeError):  # numba's inside may change; it then takes longer to compile
        pass
    return {}


def is_own(folder: Path) -> bool:
    """Whether nobody but this user can put a kernel into a folder: kernels are code that is run."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    if found.st_uid != os.getuid() or found.st_mode & 0o002:
        return False
    if found.st_mode & 0o020:
        folder.chmod(found.st_mode & ~0o022)
    return True


def threads() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def run_chunks(
    function: Callable[[int, int], Any], n: int, count: int | None = None, size: int = CHUNK
) -> None:
    """Call ``function(start, stop)`` on ranges that cover ``range(n)``, from several threads.

    The ranges do not depend on the number of threads, and so neither does what a kernel writes.

    `function`: calls a kernel on items ``start`` to ``stop``; kernels release the interpreter's lock.
    `n`: number of items.
    `count`: number of threads, by default all processors that the process may use.
    `size`: items of a range.

    >>> done = []
    >>> run_chunks(lambda start, stop: done.append((start, stop)), 5, 1, size=2)
    >>> done
    [(0, 2), (2, 4), (4, 5)]
    """
    ranges = [(start, min(start + size, n)) for start in range(0, n, size)]
    workers = min(threads() if count is None else count, len(ranges))
    if workers <= 1:
        for start, stop in ranges:
            function(start, stop)
        return
    with ThreadPoolExecutor(workers) as pool:
        for waiting in [pool.submit(function, *one) for one in ranges]:
            waiting.result()


def _top(folder: Path) -> Path:
    """The folder of all kernels that may call one another: this one, for those in a folder below it."""
    return SOURCES if folder.is_relative_to(SOURCES) else folder


def _keep(compiled: Any) -> None:
    """Give a kernel its folder on disk: ours, else numba's own beside the source, else none."""
    try:
        compiled._cache = _disk_cache()(compiled.py_func)
    except Exception:  # numba's caching is private and may change; a kernel works without it
        with suppress(RuntimeError):
            compiled.enable_caching()


@lru_cache
def _disk_cache() -> type:
    """Numba's cache of a function, in our folder and with our stamp."""
    caching: Any = import_module("numba.core.caching")

    class Locator(caching._CacheLocator):
        """Where a kernel is kept, and what its validity depends on."""

        def __init__(self, function: Any, path: str) -> None:
            self._py_file = path
            self._folder = _top(Path(path).resolve().parent)
            self._line = function.__code__.co_firstlineno

        @classmethod
        def from_function(cls, py_func: Any, py_file: str) -> Locator | None:
            self = cls(py_func, py_file)
            try:
                Path(self.get_cache_path()).mkdir(0o700, parents=True, exist_ok=True)
                self.ensure_cache_path()
                if not is_own(Path(self.get_cache_path())):
                    return None
            except OSError:
                return None
            return self if Path(py_file).is_file() else None

        def get_cache_path(self) -> str:
            return str(kernel_folder(self._folder))

        def get_source_stamp(self) -> str:
            return stamp(self._folder)

        def get_disambiguator(self) -> str:
            return str(self._line)

    class KernelResult(caching.CompileResultCacheImpl):
        _locator_classes = [Locator]  # noqa: RUF012 - numba's own attribute

    class DiskCache(caching.FunctionCache):
        """A folder that is full, or a file that is damaged, costs a compilation and nothing else."""

        _impl_class = KernelResult

        def load_overload(self, sig: Any, target_context: Any) -> Any:
            try:
                return super().load_overload(sig, target_context)
            except Exception:  # whatever reading a damaged file raises
                with suppress(OSError):
                    self.flush()
                return None

        def save_overload(self, sig: Any, data: Any) -> None:
            with suppress(OSError):
                unmark_others(Path(self.cache_path), self._impl.locator.get_source_stamp())
                super().save_overload(sig, data)

    return DiskCache
