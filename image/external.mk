include $(sort $(wildcard $(BR2_EXTERNAL_KELAS_PATH)/package/*/*.mk))

# Kconfig drops a line whose dependencies are not met without a word. So every line that a fragment
# of the kernel or of BusyBox asks for is looked up in the final configuration, and the build stops
# here instead of on a school's desk.
define KELAS_CHECK_KCONFIG
	$(BR2_EXTERNAL_KELAS_PATH)/check/kconfig.sh $(@D)/.config $($(PKG)_KCONFIG_FRAGMENT_FILES)
endef
BUSYBOX_PRE_BUILD_HOOKS += KELAS_CHECK_KCONFIG
LINUX_PRE_BUILD_HOOKS += KELAS_CHECK_KCONFIG

# NetworkManager's configure step would write down where the machine that builds has these.
NETWORK_MANAGER_CONF_OPTS += -Dmodprobe=/usr/sbin/modprobe -Ddnsmasq=/usr/sbin/dnsmasq
