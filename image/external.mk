include $(sort $(wildcard $(BR2_EXTERNAL_KELAS_PATH)/package/*/*.mk))

# Kconfig drops a line whose dependencies are not met without a word. So every line that a kernel
# fragment asks for is looked up in the kernel's final configuration, and the build stops here
# instead of on a school's desk.
define KELAS_CHECK_KERNEL_CONFIG
	$(BR2_EXTERNAL_KELAS_PATH)/check/kernel-config.sh $(LINUX_DIR)/.config \
		$(call qstrip,$(BR2_LINUX_KERNEL_CONFIG_FRAGMENT_FILES))
endef
LINUX_PRE_BUILD_HOOKS += KELAS_CHECK_KERNEL_CONFIG
