# What `cpack -G DEB` makes of an installation: fencedep, and libfencedep-dev for programs that use the library. Each install() belongs
# to the first unless it says COMPONENT development.
#
# The same sources give the same bytes: every time stamp is that of the newest entry of packaging/debian/changelog, and no path of the
# build gets into the programs (test/package compares).

set(debian ${CMAKE_CURRENT_SOURCE_DIR}/packaging/debian)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${debian}/changelog)
find_program(DPKG_PARSECHANGELOG dpkg-parsechangelog)
if(NOT DPKG_PARSECHANGELOG)
  return() # no Debian, no packages
endif()

function(read_changelog field result)
  execute_process(COMMAND ${DPKG_PARSECHANGELOG} -l ${debian}/changelog -S ${field} OUTPUT_VARIABLE value
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${result} ${value} PARENT_SCOPE)
endfunction()
read_changelog(Version debian_version)
read_changelog(Timestamp source_date)
if(NOT debian_version MATCHES "^${PROJECT_VERSION}-(.+)$")
  message(FATAL_ERROR "packaging/debian/changelog ends at ${debian_version}, but this is ${PROJECT_VERSION}")
endif()
set(CPACK_DEBIAN_PACKAGE_RELEASE ${CMAKE_MATCH_1})

# What each Debian package has in its folder below /usr/share/doc.
set(doc ${CMAKE_INSTALL_DATAROOTDIR}/doc)
add_custom_command(
  OUTPUT changelog.Debian.gz
  COMMAND gzip -9nc ${debian}/changelog > changelog.Debian.gz
  DEPENDS ${debian}/changelog
  VERBATIM)
add_custom_command(
  OUTPUT changelog.gz
  COMMAND gzip -9nc ${CMAKE_CURRENT_SOURCE_DIR}/CHANGELOG.md > changelog.gz
  DEPENDS CHANGELOG.md
  VERBATIM)
add_custom_target(package-papers ALL DEPENDS changelog.Debian.gz changelog.gz)
set(papers ${debian}/copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz)
install(FILES ${papers} DESTINATION ${doc}/fencedep)
install(FILES ${papers} DESTINATION ${doc}/libfencedep-dev COMPONENT development)
set(overrides ${CMAKE_INSTALL_DATAROOTDIR}/lintian/overrides)
install(FILES ${debian}/lintian-overrides DESTINATION ${overrides} RENAME fencedep)
install(FILES ${debian}/lintian-overrides DESTINATION ${overrides} RENAME libfencedep-dev COMPONENT development)

set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "fencedep maintainers <fencedep@packages.invalid>" CACHE STRING "The packages' Maintainer field")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

# libclang-common: Clang's own headers, without which no unit can be parsed.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME fencedep)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "libclang-common-${LLVM_VERSION_MAJOR}-dev")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "git, graphviz")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "clang-${LLVM_VERSION_MAJOR}, clang-tidy-${LLVM_VERSION_MAJOR}")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
    "finds deadlocks around dma-fences in Linux drivers
fencedep reads C and C++ code with Clang, follows every call out of a
signalling critical section, and reports memory reclaim, locks and page
faults on the way that a waiter for the fence may depend on, each with
the whole path.
.
This package has the command line, a clangd and a clang-tidy with the rules
built in, and plugins for clang-${LLVM_VERSION_MAJOR} and clang-tidy-${LLVM_VERSION_MAJOR}.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libfencedep-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "llvm-${LLVM_VERSION_MAJOR}-dev, libclang-${LLVM_VERSION_MAJOR}-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
    "analysis of dma-fences as a library
The library behind fencedep, its headers, and what CMake's find_package()
needs: for programs that make summaries of C and C++ code, link them, and
look for deadlocks around dma-fences.")

# cpack reads the first for each generator; the environment is where it and dpkg look for the time. The second is run before the
# packages are written, for what Debian wants otherwise than an installation has it: compressed manuals, and folders with the same mode
# whatever the umask.
file(CONFIGURE OUTPUT CPackProject.cmake @ONLY CONTENT [[
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  set(ENV{SOURCE_DATE_EPOCH} @source_date@)
endif()
]])
file(CONFIGURE OUTPUT CPackStaged.cmake @ONLY CONTENT [[
file(GLOB manuals ${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/man/man1/*.1)
if(manuals)
  execute_process(COMMAND gzip -9n ${manuals} COMMAND_ERROR_IS_FATAL ANY)
endif()
file(CHMOD_RECURSE ${CPACK_TEMPORARY_DIRECTORY} DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
     WORLD_READ WORLD_EXECUTE)
]])
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_BINARY_DIR}/CPackProject.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_BINARY_DIR}/CPackStaged.cmake)
include(CPack)
